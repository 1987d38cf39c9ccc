const longestPauseMs = 10_000;

/** The JSON behind a path of this server. Throws on any other answer. */
export async function getJson(path) {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
}

/**
 * Follows the server-sent events and never gives up. An EventSource reconnects by itself after a broken connection, but closes
 * for good on an HTTP error, which is what a proxy answers while the server restarts: that one is opened again here.
 */
export function follow({ onOpen, onLost, onDetection }) {
  let pauseMs = 1000;
  (function connect() {
    const source = new EventSource('events');
    source.addEventListener('open', () => {
      pauseMs = 1000;
      onOpen();
    });
    source.addEventListener('detection', message => {
      const event = parse(message.data);
      if (event) onDetection(event);
    });
    source.addEventListener('error', () => {
      onLost();
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
  })();
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
