// The six phases of a step.
