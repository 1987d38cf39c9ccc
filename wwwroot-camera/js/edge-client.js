'use strict';

(function (EdgeCloud) {
  const answerTimeoutMs = 15_000;

  // To upload a large photo and to look at it closely; the edge itself gives up after half a minute.
  const detailTimeoutMs = 60_000;

  /**
   * kind: 'unreachable', 'interrupted', 'blocked' (the edge answers, but not to this page), 'timeout', 'garbled' or
   * 'http' (then with status and problem details, of what is too large also how much is not).
   */
  class EdgeError extends Error {
    constructor(kind, facts = {}) {
      super(kind);
      Object.assign(this, { kind, ...facts });
    }

    /** Whether the edge has judged this frame, and would judge it the same again. */
    get isFinal() {
      return this.kind === 'http'
        && this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
    }
  }

  function retryAfterMs(response) {
    const value = response.headers.get('Retry-After');
    if (!value) return undefined;
    const milliseconds = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
    return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
  }

  async function refusal(response) {
    const problem = await response.json().catch(() => ({}));
    return new EdgeError('http', {
      status: response.status,
      title: typeof problem?.title === 'string' ? problem.title : '',
      detail: typeof problem?.detail === 'string' ? problem.detail : '',
      retryAfterMs: retryAfterMs(response),
      maxPixels: problem?.max_pixels > 0 ? problem.max_pixels : undefined,
      maxBytes: problem?.max_bytes > 0 ? problem.max_bytes : undefined,
    });
  }

  // fetch reports a refused connection, a broken one and a missing CORS header with the same TypeError. Asking again,
  // first as this page and then without the right to read the answer, tells them apart.
  async function networkError(base, signal) {
    const answers = mode =>
      fetch(new URL('alive', base), { mode, cache: 'no-store', signal }).then(() => true, () => false);
    if (await answers('cors')) return new EdgeError('interrupted');
    return new EdgeError((await answers('no-cors')) ? 'blocked' : 'unreachable');
  }

  /**
   * A signal of its own for one request. AbortSignal.any and .timeout would leave a listener and a timer of each
   * frame behind for a while.
   */
  function deadline(signal, timeoutMs) {
    const abort = new AbortController();
    const forward = () => abort.abort(signal.reason);
    const timer = setTimeout(() => abort.abort(new EdgeError('timeout')), timeoutMs);
    signal.addEventListener('abort', forward);
    if (signal.aborted) forward();
    const clear = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', forward);
    };
    return { signal: abort.signal, clear };
  }

  /** What a header of the form `name=number, name=number` says; null when it is not there. */
  function numbersIn(header) {
    if (!header) return null;
    return Object.fromEntries(header.split(',').map(pair => pair.split('=')).map(([name, value]) =>
      [name.trim(), Number(value)]));
  }

  function motionGateOf(response) {
    const { threshold, max_confirm_ms: maxConfirmMs } = numbersIn(response.headers.get('EdgeCloud-Motion-Gate')) ?? {};
    return threshold >= 0 && maxConfirmMs > 0 ? { threshold, maxConfirmMs } : null;
  }

  /**
   * Posts one frame; the answer is its DetectionEvent, whether that waits on the edge for Kafka, the edge's motion gate
   * (null when it has none), whether it blurs faces, and what was spared. Throws EdgeError, or the signal's reason when
   * that was aborted.
   */
  async function post(path, { base, traceparent, signal }, body, timeoutMs = answerTimeoutMs) {
    const limit = deadline(signal, timeoutMs);
    let response;
    try {
      response = await fetch(new URL(path, base), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', traceparent },
        body: JSON.stringify(body),
        cache: 'no-store',
        signal: limit.signal,
      });
      if (!response.ok) throw await refusal(response);
      const event = await response.json();
      if (event === null || typeof event !== 'object') throw new EdgeError('garbled');
      return {
        event,
        stored: response.headers.get('EdgeCloud-Delivery') === 'stored',
        motionGate: motionGateOf(response),
        isBlurred: response.headers.get('EdgeCloud-Blur') === 'faces',
        spared: numbersIn(response.headers.get('EdgeCloud-Spared')),
      };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EdgeError) throw error;
      throw response ? new EdgeError('garbled') : await networkError(base, limit.signal);
    } finally {
      limit.clear();
    }
  }

  /** @param way the edge's base, the frame's traceparent, and the signal that ends it. */
  const sendFrame = (way, frame, deviceId) => post(frame.detail ? `frame?detail=${frame.detail}` : 'frame', way, {
    image: frame.encode(), device_id: deviceId, captured_at: frame.capturedAt.toISOString(),
  }, frame.detail ? detailTimeoutMs : answerTimeoutMs);

  /** The same for a frame that shows what `repeated` does, a frame of before. */
  const sendUnchanged = (way, frame, deviceId, repeated) => post('frame/unchanged', way, {
    sequence: repeated.sequence, event_id: repeated.eventId, device_id: deviceId,
    captured_at: frame.capturedAt.toISOString(),
  });

  EdgeCloud.edgeClient = { sendFrame, sendUnchanged, EdgeError };
})(window.EdgeCloud ??= {});
