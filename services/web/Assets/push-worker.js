// Shows what is pushed, also while no page of ours is open. A later message of the same article takes the place of the earlier one.
self.addEventListener("push", event => {
  const message = event.data?.json();
  if (!message) return;
  event.waitUntil(self.registration.showNotification(message.title, {
    body: message.body, tag: message.tag, renotify: true, lang: message.language, dir: message.direction, requireInteraction: message.breaking, data: { url: message.url },
  }));
});

self.addEventListener("notificationclick", event => {
  event.notification.close();
  const { url } = event.notification.data;
  event.waitUntil((async () => {
    const open = (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).find(client => client.url === url);
    return open ? open.focus() : self.clients.openWindow(url);
  })());
});
