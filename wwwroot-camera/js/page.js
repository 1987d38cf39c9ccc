'use strict';

(function (EdgeCloud) {
  const { settings, messages, capture, edgeClient, pacing, overlay, readout } = EdgeCloud;
  const byId = id => document.getElementById(id);
  const [start, stop, frame, overlayCanvas] = ['start', 'stop', 'frame', 'overlay'].map(byId);
  const [cameraSelect, fps, deviceId, edgeUrl, mirror] = ['camera-select', 'fps', 'device-id', 'edge-url', 'mirror'].map(byId);

  const camera = capture.createCamera(byId('live'), () => end('error', messages.unplugged));
  const alarm = pacing.createAlarm();
  let run = null;
  let shown = null;
  let shownIsStored = false;
  let framesSent = 0;

  const drawOverlay = () => overlay.draw(overlayCanvas, shown, mirror.checked);

  // Frame and boxes change in one task, so no paint can ever show boxes over another frame than their own.
  function show(event, captured, roundTripMs) {
    frame.width = captured.canvas.width;
    frame.height = captured.canvas.height;
    frame.getContext('2d', { alpha: false }).drawImage(captured.canvas, 0, 0);
    frame.closest('.stage').style.setProperty('--ratio', `${frame.width} / ${frame.height}`);
    document.body.dataset.frame = 'shown';
    shown = event;
    drawOverlay();
    readout.showEvent(event, roundTripMs, captured.capturedAt);
  }

  function clear() {
    delete document.body.dataset.frame;
    frame.getContext('2d').clearRect(0, 0, frame.width, frame.height);
    shown = null;
    drawOverlay();
    readout.clearEvent();
  }

  function rateText() {
    const rate = fps.value;
    if (rate !== 'auto') return fps.selectedOptions[0].textContent.toLowerCase();
    if (!Number.isFinite(shown?.next_frame_ms)) return 'as often as the edge asks';
    return `a frame every ${(shown.next_frame_ms / 1000).toLocaleString('en')} s, as the edge asks`;
  }

  function showRunning() {
    const title = shown ? messages.persons(readout.personsIn(shown)) : 'Waiting for the first answer …';
    const sending = `Sending to ${run.base.origin}, ${rateText()}.`;
    const visible = { title, detail: shown && shownIsStored ? `${sending} ${messages.stored}` : sending };
    readout.showState('running', document.hidden ? messages.hidden : visible);
  }

  async function sendOne(current) {
    const captured = camera.capture();
    const sentAt = performance.now();
    let event, stored;
    try {
      ({ event, stored } = await edgeClient.sendFrame(current.base, captured, deviceId.value.trim() || settings.defaultDevice, current.signal));
      readout.showFramesSent(++framesSent);
    } catch (error) {
      if (error.kind === 'http') readout.showFramesSent(++framesSent);
      throw error;
    }
    show(event, captured, performance.now() - sentAt);
    shownIsStored = stored;
    return event;
  }

  // The loop is what keeps one request in flight: the next frame is captured only after this one's answer or failure.
  async function sendFrames(current) {
    let dueAt = performance.now();
    while (!current.signal.aborted) {
      const countedFrom = Math.min(dueAt, performance.now());
      let event, failure;
      try {
        event = await sendOne(current);
        current.failures = 0;
        showRunning();
      } catch (error) {
        if (current.signal.aborted) return;
        failure = error;
        current.failures++;
      }
      const now = performance.now();
      const delayMs = pacing.nextDelayMs({
        rate: fps.value,
        nextFrameMs: event?.next_frame_ms,
        elapsedMs: now - countedFrom,
        failures: current.failures,
        retryAfterMs: failure?.retryAfterMs,
      });
      if (failure) readout.showState('waiting', messages.retrying(messages.edgeFailure(failure, current.base), delayMs));
      dueAt = now + delayMs;
      await alarm.sleep(delayMs, current.signal);
    }
  }

  async function begin() {
    if (run) return;
    const base = settings.edgeBase(edgeUrl.value);
    if (!base) {
      readout.showState('error', messages.badEdgeAddress);
      edgeUrl.focus();
      return;
    }
    const abort = new AbortController();
    const current = run = { base, abort, signal: abort.signal, failures: 0 };
    readout.showState('starting', messages.starting);
    try {
      const openedId = await camera.open(cameraSelect.value, current.signal);
      document.body.dataset.camera = 'on';
      await refreshCameras(openedId);
    } catch (error) {
      if (run === current) end('error', messages.cameraFailure(error));
      return;
    }
    if (run !== current) return;
    showRunning();
    sendFrames(current);
  }

  function end(state, text) {
    run?.abort.abort();
    run = null;
    camera.close();
    delete document.body.dataset.camera;
    clear();
    readout.showState(state, text);
    document.title = 'EdgeCloud camera';
  }

  async function refreshCameras(selectedId) {
    readout.showCameras(await capture.listCameras().catch(() => []), selectedId);
  }

  settings.keep(deviceId, settings.defaultDevice);
  settings.keep(edgeUrl, settings.defaultEdge);
  settings.keep(fps);
  settings.keep(mirror);
  byId('edge-field').hidden = !settings.fromFile;

  const applyMirror = () => {
    document.body.dataset.mirror = String(mirror.checked);
    drawOverlay();
  };
  applyMirror();
  refreshCameras('');

  start.addEventListener('click', begin);
  stop.addEventListener('click', () => end('idle', messages.idle));
  byId('settings').addEventListener('submit', event => event.preventDefault());
  mirror.addEventListener('change', applyMirror);
  fps.addEventListener('change', () => {
    // A waiting page keeps its back-off and the edge's Retry-After.
    if (run && run.failures === 0) alarm.ring();
  });
  for (const field of [cameraSelect, edgeUrl]) {
    field.addEventListener('change', () => {
      if (!run) return;
      end('idle', messages.idle);
      begin();
    });
  }
  document.addEventListener('visibilitychange', () => {
    if (!run || document.body.dataset.state !== 'running') return;
    showRunning();
    if (!document.hidden) alarm.ring();
  });
  navigator.mediaDevices?.addEventListener?.('devicechange', () => refreshCameras(cameraSelect.value));
  window.addEventListener('pagehide', () => run && end('idle', messages.idle));
  new ResizeObserver(drawOverlay).observe(overlayCanvas);
})(window.EdgeCloud ??= {});
