// Asks the server to go on, as soon as what it sent last is on screen. So work in slices never outruns the browser, and
// nothing is asked of a page that is not looked at.

export default function ({ data, setTriggerValue }) {
  if (data.turn === null) return undefined;
  const timer = setTimeout(() => setTriggerValue("again", data.turn), data.after);
  return () => clearTimeout(timer);
}
