// Push to this browser, where it can: with the choices of the form above. Without script, or without push, nothing is offered.
const offer = document.querySelector("[data-push]");
const form = document.querySelector("main form");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));

async function subscribe() {
  if (await Notification.requestPermission() !== "granted") return offer.dataset.refused;
  await navigator.serviceWorker.register("/push-worker.js");
  const worker = await navigator.serviceWorker.ready;   // before that it can take no subscription
  const { key } = await (await fetch("/api/push/key")).json();
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  // A subscription made for another key is of no use any more.
  const push = await worker.pushManager.subscribe(wanted).catch(async () => {
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    return worker.pushManager.subscribe(wanted);
  });
  const { endpoint, keys } = push.toJSON();
  const categories = new FormData(form).getAll("categories");
  const answer = await fetch("/api/subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "platform" },
    body: JSON.stringify({
      channel: "push", endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, language: document.documentElement.lang,
      topics: categories.length > 0 ? { categories } : { all: true }, schedule: { kind: "instant" },
    }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  localStorage.setItem("push", (await answer.json()).manageToken);
  return offer.dataset.on;
}

async function end() {
  const token = localStorage.getItem("push");
  const worker = await navigator.serviceWorker.getRegistration("/");
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
  const answer = await fetch("/api/subscriptions/mine", { method: "DELETE", headers: { Authorization: `Subscription ${token}`, "X-Requested-With": "platform" } });
  if (!answer.ok && answer.status !== 401) throw new Error(String(answer.status));   // 401: it has ended already
  localStorage.removeItem("push");
  return offer.dataset.off;
}

if (offer && form && able) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  offer.append(button, status);
  const label = () => { button.textContent = localStorage.getItem("push") ? offer.dataset.stop : offer.dataset.start; };
  label();
  offer.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      status.textContent = await (localStorage.getItem("push") ? end() : subscribe());
    } catch {
      status.textContent = offer.dataset.away;
    }
    label();
    button.disabled = false;
  });
}
