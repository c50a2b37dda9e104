// Keeps the tasks that are done in this browser: no account, and nothing on the server. Shows nothing.

const KEY = "stepwise.progress";
const SLUG = /^[a-z0-9_.-]{1,40}$/;
const MOST = 500;

let told = ""; // the last thing said to the server, and to which of its sessions

/** What the browser holds; nothing where it may not be asked, as in some private windows. */
function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(list) ? list.filter((slug) => SLUG.test(slug)).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function keep(slugs) {
  try {
    if (slugs.length) localStorage.setItem(KEY, JSON.stringify(slugs));
    else localStorage.removeItem(KEY);
  } catch {
    // then the ticks last as long as the page
  }
}

export default function ({ data, setTriggerValue }) {
  const tell = (event) => {
    const message = JSON.stringify([data.session, event]);
    if (message === told) return;
    told = message;
    setTriggerValue("event", event);
  };
  if (data.forget) {
    keep([]);
    tell({ forgot: data.forget });
    return;
  }
  const before = kept();
  const all = [...new Set([...before, ...data.done])].sort(); // another tab may have added to it meanwhile
  if (all.length > before.length) keep(all);
  if (before.some((slug) => !data.done.includes(slug))) tell({ kept: before });
}
