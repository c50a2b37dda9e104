// Keys: what has the focus is asked first, then the world, the loop and the transport.

/** Listens on the stage, and on the whole page as long as nothing else has the focus. */
function listenToKeys(stage) {
  const pressed = (event) => {
    if (!takeKey(stage, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const anywhere = (event) => event.target === document.body && !stage.data.bare && pressed(event);
  stage.node.addEventListener("keydown", pressed);
  document.addEventListener("keydown", anywhere);
  return { stop: () => document.removeEventListener("keydown", anywhere) };
}

function takeKey({ editor, grid, world, loop, controls }, event) {
  if (editor.open && event.target === grid.node) return editor.key(event);
  return world.typed?.(event) || loop.key(event) || controls.key(event);
}
