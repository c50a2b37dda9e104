// The loop as a picture.
