// The entry: Streamlit calls it with the data of each rerun; there is one stage for each place it mounts into.

const stages = new WeakMap(); // by the element Streamlit mounts into: reruns find their instance again

export default function (component) {
  const mount = component.parentElement;
  if (!stages.has(mount)) stages.set(mount, new Stage(mount));
  stages.get(mount).update(component);
  // Streamlit also calls this when a rerun overtakes another one, so what counts is whether the mount is gone.
  return () => setTimeout(() => mount.isConnected || discard(mount), 0);
}

function discard(mount) {
  stages.get(mount)?.destroy();
  stages.delete(mount);
}
