// What the buttons and keys of the transport do.

function makeActs(stage) {
  const { player, post } = stage;
  return {
    toggle: () => player.toggle(),
    step: (by) => player.step(by),
    episode: (by) => (endless(stage) ? player.step(10 * by) : player.episode(by)),
    home: () => stage.jump(0),
    end: () => stage.jump(stage.scrubber.end),
    skip: (n) => (isArms(stage) ? player.go((player.goal ?? player.t) + n) : player.skip(n)),
    restart: () => post.push("restart"),
    seed: () => post.push("seed"),
    link: () => linkTo(stage),
    speed: (speed) => setSpeed(stage, speed),
  };
}

/** Whether it is a bandit's run: its steps are cheap, so that many can be skipped by playing on. */
const isArms = ({ data }) => data.world.kind === "arms";

/** Whether there are no episodes: steps are skipped instead, a bandit's and those of a policy that ascends. */
const endless = (stage) => isArms(stage) || Boolean(stage.data.ascends);

function setSpeed(stage, speed) {
  stage.player.speed = speed;
  stage.wake();
}

/** The address that opens this page at this very step. */
function linkTo({ data, player, scrubber, view }) {
  const end = scrubber.end > player.t ? `&end=${scrubber.end}` : "";
  return `${location.origin}${location.pathname}?${data.share}&t=${player.t}&view=${view}${end}`;
}
