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

  // The pictures of the question on the screen stand beside the terminal, which makes room for them.
  const pictures = document.getElementById("pictures");

  function show(shown) {
    pictures.replaceChildren(...shown.map(framed));
    pictures.hidden = shown.length === 0;
    document.body.classList.toggle("-pictures", shown.length > 0);
    terminal.style.height = "";
    window.onresize?.();
  }

  function framed({ place, alt, name }) {
    const image = document.createElement("img");
    image.src = `/pictures/${encodeURIComponent(name)}`;
    image.alt = alt || place;
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Larger, and back";
    button.append(image);
    const words = document.createElement("figcaption");
    words.textContent = alt ? `${place}: ${alt}` : place;
    image.addEventListener("error", () => {
      words.textContent += " (This picture is not here any more.)";
      button.hidden = true;
    });
    const figure = document.createElement("figure");
    button.addEventListener("click", () => {
      figure.classList.toggle("-large");
      terminal.querySelector("textarea").focus();
    });
    figure.append(button, words);
    return figure;
  }

  window.WebSocket = class extends WebSocket {
    constructor(address) {
      const takesOver = sessionStorage.getItem(TAKE_OVER) !== null;
      sessionStorage.removeItem(TAKE_OVER);
      super(takesOver ? `${address}&take-over` : address);
      // Nobody should have to click before the first key counts.
      this.addEventListener("open", () => terminal.querySelector("textarea").focus());
      this.addEventListener("close", (event) => {
        show([]);
        tell(CLOSED[event.code] ?? "lost");
      });
      this.addEventListener("message", (event) => {
        if (typeof event.data !== "string") return;
        const [what, about] = JSON.parse(event.data);
        if (what === "pictures") show(about);
      });
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
    terminal.style.height = `${window.visualViewport.height - terminal.offsetTop}px`;
    window.onresize?.();
  });

  // The terminal measures its letters once, so they have to be there before it begins.
  const begin = window.onload;
  const faces = ["", "bold ", "italic "].map((face) => document.fonts.load(`${face}16px "Roboto Mono"`));
  window.onload = () => Promise.allSettled(faces).then(() => begin());
})();
