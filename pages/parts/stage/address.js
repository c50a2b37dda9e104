// The address bar as the save file: it always leads back to what is on screen.

const WRITE_EVERY = 700; // ms; browsers refuse an address that changes too often

class Address {
  /** `link` gives the address of this very moment. */
  constructor(link) {
    Object.assign(this, { link, timer: 0, page: location.pathname });
  }

  /** Notes that something changed; the address follows soon. */
  touch() {
    this.timer ||= setTimeout(() => this.write(), WRITE_EVERY);
  }

  write() {
    this.timer = 0;
    if (location.pathname !== this.page) return; // the learner has gone to another page
    const link = this.link();
    if (link !== location.href) history.replaceState(history.state, "", link);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
