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
      section.replaceWith(document.adoptNode(answer));
      localTimes(answer);
      comments();
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

function say(form, text) {
  form.querySelector("#comment-outcome")?.remove();
  const outcome = Object.assign(document.createElement("p"), { id: "comment-outcome", className: "outcome bad", role: "alert", tabIndex: -1, textContent: text });
  form.prepend(outcome);
}

localTimes(document);
share();
comments();
