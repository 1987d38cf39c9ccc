const firstPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * The server says something each second: one that is silent for so long is gone, though the connection
 * may not have noticed.
 */
const silenceMs = 6000;

/**
 * Follows GET /live and never gives up. After a failure it waits twice as long as before, and a random part less, so
 * that many pages do not come back at once. An EventSource would try again by itself, but at a fixed pace, and not at
 * all after an HTTP error.
 * @param on.status, on.events the messages' contents; on.open; on.lost(pauseMs), which is how long it waits now.
 * @returns { retryNow } to end the waiting.
 */
export function follow(on) {
  let source, waiting, silence;
  let failures = 0;

  function connect() {
    clearTimeout(waiting);
    source?.close();
    source = new EventSource('live');
    listen('status', data => {
      failures = 0;
      on.status(data);
    });
    listen('events', on.events);
    source.addEventListener('error', lose);
    hear();
  }

  function listen(type, handle) {
    source.addEventListener(type, message => {
      hear();
      handle(JSON.parse(message.data));
    });
  }

  function hear() {
    clearTimeout(silence);
    silence = setTimeout(lose, silenceMs);
  }

  function lose() {
    clearTimeout(silence);
    clearTimeout(waiting);
    source.close();
    const pauseMs = Math.min(firstPauseMs * 2 ** failures++, longestPauseMs) * (0.5 + Math.random() / 2);
    waiting = setTimeout(connect, pauseMs);
    on.lost(pauseMs);
  }

  connect();
  return { retryNow: connect };
}

/** The newest events there are, newest first. Throws on any answer but a good one. */
export async function newestEvents(limit) {
  const response = await fetch(`data?limit=${limit}`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`data: HTTP ${response.status}`);
  return response.json();
}
