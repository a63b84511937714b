// What the pages do better with script. Everything works without it.

// Times come in GMT, the same for every reader; here they turn into the reader's own.
function localTimes(root) {
  const rtl = document.documentElement.dir === "rtl";
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const day = new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, { day: "numeric", month: "long", year: "numeric" });
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
  for (const time of root.querySelectorAll("time[data-local]")) {
    const date = new Date(time.dateTime);
    time.textContent = `${day.format(date)}${rtl ? "،" : ","} ${clock.format(date)}`;
  }
}

// The browser's own sharing, where it has one; else the list of links that the button opens by itself.
function share() {
  const button = document.querySelector("[popovertarget=share]");
  if (!button || !navigator.share) return;
  button.addEventListener("click", event => {
    event.preventDefault();
    navigator.share({ title: document.querySelector("h1").textContent, url: document.querySelector("link[rel=canonical]").href }).catch(() => {});
  });
}

// The comment form, sent without leaving the page: the answer is the page itself, of which the comments are taken.
function comments() {
  const section = document.querySelector("#comments");
  const form = section?.querySelector("#comment-form");
  if (!form) return;
  // One key for one comment, however often it is sent: a repeat after a lost answer does not post twice.
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");

  form.addEventListener("submit", async event => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    const label = button.textContent;
    button.disabled = true;
    button.textContent = form.dataset.sending;
    const body = new URLSearchParams(new FormData(form));
    body.set("key", key);
    let answer;
    try {
      const response = await fetch(form.action, { method: "POST", body });
      answer = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#comments");
    } catch { /* said below */ }
    button.disabled = false;
    button.textContent = label;
    if (answer) {
      show(section, answer);
    } else {
      say(form, form.dataset.failed);
    }
    document.querySelector("#comment-outcome")?.focus();
  });

  section.addEventListener("click", event => {
    const reply = event.target.closest(".reply");
    const cancel = event.target.closest("[data-cancel-reply]");
    if (!reply && !cancel) return;
    event.preventDefault();
    const parent = form.elements.parentId;
    const line = form.querySelector("#replying");
    parent.value = reply?.value ?? "";
    line.hidden = !reply;
    if (reply) {
      const name = document.createElement("bdi");
      name.textContent = reply.closest(".comment").querySelector(".comment-name").textContent;
      line.querySelector("span").replaceChildren(`${parent.dataset.label} `, name);
    }
    form.scrollIntoView();
    form.elements[form.elements.name.value ? "body" : "name"].focus({ preventScroll: true });
  });
}

// Puts the comments of a page that was just fetched in the place of the old ones.
function show(old, section) {
  old.replaceWith(document.adoptNode(section));
  localTimes(section);
  markLikes(section);
  comments();
}

function say(form, text) {
  form.querySelector("#comment-outcome")?.remove();
  const outcome = Object.assign(document.createElement("p"), { id: "comment-outcome", className: "outcome bad", role: "alert", tabIndex: -1, textContent: text });
  form.prepend(outcome);
}

// Which comments this browser likes: the pages are the same for everybody, and cannot say it.
const liked = {
  all() { try { return new Set(JSON.parse(localStorage.getItem("likes")) ?? []); } catch { return new Set(); } },
  set(id, likes) {
    const all = liked.all();
    if (likes) all.add(id); else all.delete(id);
    try { localStorage.setItem("likes", JSON.stringify([...all].slice(-500))); } catch { /* then it is not remembered */ }
  },
};

function markLikes(root) {
  const all = liked.all();
  for (const button of root.querySelectorAll("[data-like]")) button.setAttribute("aria-pressed", all.has(button.dataset.like));
}

function likes() {
  markLikes(document);
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-like]");
    if (!button) return;
    event.preventDefault();
    const likes = button.getAttribute("aria-pressed") !== "true";
    const response = await fetch(`/api/comments/${button.dataset.like}/reactions/like`, { method: likes ? "PUT" : "DELETE", headers: { "X-Requested-With": "platform" } }).catch(() => null);
    if (!response?.ok) return;
    const { like } = await response.json();
    button.querySelector(".likes").textContent = like || "";
    button.setAttribute("aria-pressed", likes);
    liked.set(button.dataset.like, likes);
  });
}

// Says that new comments have come while the page is open, and shows them when asked; what is removed goes at once.
function live() {
  const section = document.querySelector("#comments");
  const address = section?.dataset.live;
  if (!address || !window.EventSource) return;
  const fresh = new Map();   // by id, whether it is a reply
  let source;

  function notice() {
    const line = document.querySelector("#comments .fresh");
    if (!line) return;
    if (fresh.size === 0) { line.replaceChildren(); return; }
    const button = line.querySelector("button") ?? Object.assign(document.createElement("button"), { type: "button", className: "button" });
    button.textContent = `${line.dataset.label} (${fresh.size})`;
    if (!button.isConnected) line.replaceChildren(button);
  }

  function follow() {
    source = new EventSource(address);
    source.addEventListener("published", event => {
      const { id, parentId } = JSON.parse(event.data);
      if (document.getElementById(`comment-${id}`)) return;
      fresh.set(id, parentId !== null);
      notice();
    });
    source.addEventListener("edited", event => {
      const { id, body } = JSON.parse(event.data);
      const text = document.querySelector(`#comment-${id} > .comment-text`);
      text?.replaceChildren(...body.split("\n").flatMap((line, i) => i ? [document.createElement("br"), line] : [line]));
    });
    source.addEventListener("removed", event => {
      const { id } = JSON.parse(event.data);
      if (fresh.delete(id)) notice();
      document.getElementById(`comment-${id}`)?.closest("li")?.remove();
    });
  }

  // The page as it is now. What was heard of may be quicker than whoever keeps pages on the way, so one that lacks any of it is asked for again; not for replies, which may stand where this page does not show them.
  async function renewed() {
    for (let tries = 1; ; tries++) {
      const response = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
      const section = response?.ok && new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#comments");
      if (!section || tries === 6 || [...fresh].every(([id, isReply]) => isReply || section.querySelector(`#comment-${CSS.escape(id)}`))) return section;
      await new Promise(resolve => setTimeout(resolve, 300));
    }
  }

  document.addEventListener("click", async event => {
    if (!event.target.closest(".fresh button")) return;
    const section = await renewed();
    if (!section) return;
    const old = document.querySelector("#comments");
    const written = new FormData(old.querySelector("#comment-form") ?? undefined);
    fresh.clear();
    show(old, section);
    const form = section.querySelector("#comment-form");
    for (const [name, value] of written) {
      const field = form?.elements[name];
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    section.querySelector("#comments-title")?.scrollIntoView();
  });

  // Only who comes to the comments follows them, and nobody from a page that lies in the browser's memory.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(e => e.isIntersecting)) return;
    observer.disconnect();
    follow();
  }, { rootMargin: "300px" }).observe(section);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", event => { if (event.persisted && source) follow(); });
}

localTimes(document);
share();
comments();
likes();
live();
