// A replay memory in numbers, and what the last step did with it.

function sayKept({ filled, ring, endings, bytes }) {
  const share = filled ? ` (${Number(((100 * endings) / filled).toFixed(1))} %)` : "";
  return `${grouped(filled)} of ${grouped(ring.length)} kept, ${plural(endings, "ending")}${share}, ${sayBytes(bytes * ring.length)}`;
}

const sayBytes = (n) => (n < 1e6 ? `${grouped(Math.max(1, Math.round(n / 1000)))} KB` : `${(n / 1e6).toFixed(1)} MB`);

/** What the step that led here was learned from. */
function sayDrawn(tape) {
  const { replay, t } = tape;
  if (t === 0) return "It is empty: each step puts a transition into it.";
  const picked = replay.picked();
  if (replay.ruleOf(t)?.edit && replay.ruleOf(t).moment === t) return "The settings were changed here.";
  if (!picked.length) return `One interaction, no gradient step${sayWhyNot(replay, t - 1)}.`;
  const [loss, error, endings] = tape.moment("report");
  const ends = Math.round(endings * picked.length);
  const has = ends ? `, ${plural(ends, "ending")} among them` : "";
  return `One interaction, one gradient step: batch of ${picked.length}${has}; mean |TD error| ${fmt(error)}, loss ${fmt(loss)}.`;
}

/** Why there was no gradient step in the step from moment t on. */
function sayWhyNot(replay, t) {
  const { warmup, every } = replay.ruleOf(t) ?? {};
  if (t < warmup) return `: it learns from step ${grouped(warmup)} on`;
  return t % every ? `: it learns every ${every} steps` : "";
}
