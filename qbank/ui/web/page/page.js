// The page around the terminal: says where its socket is, and what to do when the socket closes.
"use strict";

(() => {
  const CLOSED = { 1000: "ended", 4001: "used", 4002: "taken" };
  const PHONE_PIXELS = 700;
  const TAKE_OVER = "qbank-take-over";

  // What looks like an address in a question's text is text: neither a click nor the program behind may open it.
  window.open = () => null;

  function tell(what) {
    const notice = document.getElementById("notice");
    for (const part of notice.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(what);
    }
    notice.hidden = false;
    document.body.classList.add("-closed");
  }

  for (const kind of ["error", "unhandledrejection"]) {
    window.addEventListener(kind, () => {
      if (!document.body.classList.contains("-first-byte")) tell("failed");
    });
  }

  const terminal = document.getElementById("terminal");
  terminal.dataset.sessionWebsocketUrl = `ws://${location.host}/ws`;
  terminal.dataset.fontSize = window.innerWidth < PHONE_PIXELS ? 13 : 16;

  window.WebSocket = class extends WebSocket {
    constructor(address) {
      const takesOver = sessionStorage.getItem(TAKE_OVER) !== null;
      sessionStorage.removeItem(TAKE_OVER);
      super(takesOver ? `${address}&take-over` : address);
      // Nobody should have to click before the first key counts.
      this.addEventListener("open", () => terminal.querySelector("textarea").focus());
      this.addEventListener("close", (event) => tell(CLOSED[event.code] ?? "lost"));
    }

    send(message) {
      // A key or a click may come before the line is open, and is no reason to fail.
      if (this.readyState === WebSocket.OPEN) super.send(message);
    }
  };

  for (const name of ["again", "reload", "take-over"]) {
    document.getElementById(name).addEventListener("click", () => {
      if (name === "take-over") sessionStorage.setItem(TAKE_OVER, "yes");
      location.reload();
    });
  }

  // A keyboard on the glass leaves less to draw on, and on some phones only this says so.
  window.visualViewport?.addEventListener("resize", () => {
    terminal.style.height = `${window.visualViewport.height}px`;
    window.onresize?.();
  });

  // The terminal measures its letters once, so they have to be there before it begins.
  const begin = window.onload;
  const faces = ["", "bold ", "italic "].map((face) => document.fonts.load(`${face}16px "Roboto Mono"`));
  window.onload = () => Promise.allSettled(faces).then(() => begin());
})();
