'use strict';

(function (EdgeCloud) {
  const {
    settings, messages, camera, photo, motion, trace, edgeClient, pacing, meter, announcer, readout, picture, carbon,
    wakeLock, phones, zones,
  } = EdgeCloud;
  const byId = id => document.getElementById(id);
  const fields = (...ids) => Object.fromEntries(ids.map(id => [id, byId(id)]));
  const [start, stop, turn] = [byId('start'), byId('stop'), byId('turn')];
  const [
    cameraSelect, fps, resolution, deviceId, edgeUrl,
  ] = ['camera-select', 'fps', 'resolution', 'device-id', 'edge-url'].map(byId);
  const switches = fields('mirror', 'keypoints', 'skeleton', 'scores', 'tracks', 'show-zones', 'analysed');
  const pageTitle = document.title;
  const ratesEveryMs = 1000;

  const webcam = camera.createCamera(byId('live'), lost);
  const voice = announcer.createAnnouncer(byId('announcer'));
  const zoning = zones.createZones({
    svg: byId('zones-layer'), details: byId('zones'), edge: () => settings.edgeBase(edgeUrl.value), say: voice.say,
    hidesWithoutEdge: true,
  });
  const stage = picture.createPicture({
    video: byId('live'), frame: byId('frame'), canvas: byId('overlay'), switches, onDraw: showZones,
  });
  const alarm = pacing.createAlarm();
  const tracer = trace.createTracer();
  const screen = wakeLock.createWakeLock();
  let run = null;
  let isPhone = false;
  let facing = settings.recall('facing') === 'environment' ? 'environment' : 'user';

  const chosenDevice = () => deviceId.value.trim() || settings.defaultDevice;

  function showZones(isMirrored) {
    const wanted = { tracks: switches.tracks.checked, zones: switches['show-zones'].checked };
    zoning.show(chosenDevice(), { isMirrored, wanted });
  }

  const spoken = ({ title, detail }) => `${title}. ${detail}`;

  function rateText() {
    if (fps.value !== 'auto') return fps.selectedOptions[0].textContent.toLowerCase();
    if (!Number.isFinite(run.event?.next_frame_ms)) return 'as often as the edge asks';
    return `a frame every ${(run.event.next_frame_ms / 1000).toLocaleString('en')} s, as the edge asks`;
  }

  /** What the page says while it runs: paused comes before a failure, that before what was found. */
  function showRun() {
    readout.showStartOrStop(true);
    byId('stored-badge').hidden = !run.stored;
    document.title = pageTitle;
    if (document.hidden) {
      document.title = `Paused · ${pageTitle}`;
      return readout.showState('paused', messages.paused);
    }
    if (run.failure) {
      voice.say(run.failure.title);
      return readout.showState('waiting', run.failure);
    }
    const sending = `Sending to ${run.base.host}, ${rateText()}.`;
    const title = run.event ? messages.persons(readout.personsIn(run.event)) : 'Waiting for the first answer …';
    if (run.event) voice.sayCount(title);
    readout.showState('running', { title, detail: run.stored ? `${sending} ${messages.stored}` : sending });
  }

  const interval = () => pacing.intervalMs(fps.value, run.event?.next_frame_ms);

  /** Null when the picture has changed, or the edge wants it all the same. */
  async function sendUnchanged(current, way, captured, id) {
    const repeated = current.isPhoto ? null : current.gate.repeated(captured, id, performance.now());
    if (!repeated) return null;
    try {
      const answer = await edgeClient.sendUnchanged(way, captured, id, repeated);
      current.spared.add(answer.spared);
      return answer;
    } catch (error) {
      if (!error.isFinal) throw error;
      current.gate.forget();
      if (error.status === 404 || error.status === 405) current.gate.refuse();
      return null;
    }
  }

  async function sendPicture(current, way, captured, id) {
    const answer = await edgeClient.sendFrame(way, captured, id);
    current.gate.answered(captured, id, answer, performance.now());
    return answer;
  }

  async function sendOne(current) {
    const captured = current.source.capture();
    const context = tracer.next();
    const sentAt = performance.now();
    current.meters.sent.add(sentAt);
    const id = chosenDevice();
    const way = { base: current.base, traceparent: context.traceparent, signal: current.signal };
    const { event, stored, isBlurred } = (await sendUnchanged(current, way, captured, id))
      ?? (await sendPicture(current, way, captured, id));
    const now = performance.now();
    current.meters.processed.add(now);
    Object.assign(current, { event, stored, failure: null, failures: 0 });
    zoning.take(event);
    stage.show(event, captured, { isPhoto: current.isPhoto, isBlurred, intervalMs: interval() });
    readout.showEvent(event, now - sentAt, captured.capturedAt);
    readout.showSpared(current.spared.total());
    readout.showTrace(context);
  }

  function untilSeen(signal) {
    return new Promise(resolve => {
      const settle = () => {
        if (document.hidden && !signal.aborted) return;
        document.removeEventListener('visibilitychange', settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      document.addEventListener('visibilitychange', settle);
      signal.addEventListener('abort', settle);
      settle();
    });
  }

  /** A phone that was locked, or called, has its camera again later; who pulls a plug means it. */
  function lost() {
    if (!document.hidden && !isPhone) end('error', messages.unplugged);
    else alarm.ring();
  }

  async function openCamera(current) {
    const [width, height] = resolution.value.split('x').map(Number);
    const id = cameraSelect.value;
    const isListed = (await camera.listCameras().catch(() => [])).some(known => known.id === id);
    const opened = await webcam.open(
      { ...(isListed ? { exactId: id } : { preferredId: id }), facing, width, height }, current.signal);
    stage.openCamera(opened.facesAway);
    await refreshCameras(opened.id);
  }

  /** False when that has failed: then the run is over, or the page is hidden and it is tried again when it is not. */
  async function openAgain(current) {
    try {
      await openCamera(current);
      return true;
    } catch (error) {
      if (run === current && !document.hidden) end('error', messages.cameraFailure(error));
      return false;
    }
  }

  // The loop is what keeps one request in flight: the next frame is captured only after this one's answer or failure.
  async function sendFrames(current) {
    const schedule = pacing.createSchedule(performance.now());
    while (!current.signal.aborted) {
      if (document.hidden) {
        await untilSeen(current.signal);
        if (current.signal.aborted) return;
      }
      const { wasHidden } = current;
      current.wasHidden = false;
      const isLost = !current.isPhoto && (webcam.isEnded() || (wasHidden && webcam.isMuted()));
      if (isLost && !(await openAgain(current))) continue;
      if (wasHidden || isLost) schedule.restart(performance.now());
      let retryMs = 0;
      try {
        await sendOne(current);
        if (current.isPhoto) return finishPhoto(current);
      } catch (error) {
        if (current.signal.aborted) return;
        if (current.isPhoto && error.status === 413 && current.source.shrink(error)) continue;
        const text = messages.edgeFailure(error, current.base);
        if (current.isPhoto && error.isFinal) return end('error', text);
        retryMs = pacing.retryDelayMs(++current.failures, error.retryAfterMs);
        current.failure = messages.retrying(text, retryMs);
      }
      const { waitMs, skipped } = schedule.next(performance.now() + retryMs, interval());
      if (!current.isPhoto && skipped > 0) current.meters.skipped.add(performance.now(), skipped);
      showRun();
      readout.showTotals(current.meters);
      const rung = await alarm.sleep(retryMs + (current.isPhoto ? 0 : waitMs), current.signal);
      if (rung) schedule.restart(performance.now());
    }
  }

  /** Ends what runs and begins anew; null when the edge's address is none. */
  function createRun(isPhoto, text) {
    if (run) end('idle', messages.idle);
    const base = settings.edgeBase(edgeUrl.value);
    if (!base) {
      end('error', messages.badEdgeAddress);
      edgeUrl.focus();
      return null;
    }
    stage.clear();
    readout.clearEvent();
    const abort = new AbortController();
    const now = performance.now();
    const meters = { sent: meter.createMeter(now), processed: meter.createMeter(now), skipped: meter.createMeter(now) };
    run = {
      base, abort, signal: abort.signal, isPhoto, meters, source: webcam, event: null, stored: false, failure: null,
      failures: 0, wasHidden: document.hidden, gate: motion.createGate(), spared: meter.createSum(),
    };
    // Rates by their own clock: right after a frame there would always be one more in the window than it is long.
    run.ticker = setInterval(() => readout.showRates(meters, performance.now()), ratesEveryMs);
    readout.showTotals(meters);
    readout.showSpared(run.spared.total());
    readout.showState('starting', text);
    readout.showStartOrStop(true);
    return run;
  }

  async function begin() {
    const current = createRun(false, messages.starting);
    if (!current) return;
    try {
      await ready;
      if (isPhone) screen.hold();
      await openCamera(current);
    } catch (error) {
      if (run === current) end('error', messages.cameraFailure(error));
      return;
    }
    if (run !== current) return;
    showRun();
    sendFrames(current);
  }

  async function beginPhoto(file) {
    const current = createRun(true, messages.readingPhoto);
    if (!current) return;
    try {
      current.source = await photo.readPhoto(file);
    } catch {
      if (run === current) end('error', messages.unreadablePhoto);
      return;
    }
    if (run !== current) return;
    readout.showState('starting', messages.lookingAtPhoto);
    sendFrames(current);
  }

  /** The photo and its boxes stay; only the run is over. */
  function finishPhoto(current) {
    const text = messages.personsInPhoto(readout.personsIn(current.event), current.source.size());
    byId('stored-badge').hidden = !current.stored;
    readout.showTotals(current.meters);
    leave('photo', current.stored ? { ...text, detail: `${messages.stored} ${text.detail}` } : text);
  }

  function end(state, text) {
    webcam.close();
    zoning.pause();
    stage.clear();
    readout.clearEvent();
    byId('stored-badge').hidden = true;
    leave(state, text);
  }

  function leave(state, text) {
    run?.abort.abort();
    clearInterval(run?.ticker);
    run = null;
    screen.release();
    readout.clearRates();
    readout.showState(state, text);
    readout.showStartOrStop(false);
    voice.say(spoken(text));
    document.title = pageTitle;
  }

  const rememberedCamera = () =>
    ({ id: settings.recall('camera') ?? '', label: settings.recall('camera-label') ?? 'The camera of last time' });

  async function refreshCameras(selectedId) {
    readout.showCameras(await camera.listCameras().catch(() => []), selectedId, rememberedCamera());
  }

  function showEdge() {
    byId('edge-name').textContent = settings.edgeBase(edgeUrl.value)?.host ?? 'whose address is above';
  }

  /** On a paired phone the edge says which device it is, and the phone has two cameras. */
  async function becomePhone() {
    const phone = await phones.thisPhone();
    if (!phone) return;
    isPhone = true;
    [deviceId.value, deviceId.readOnly] = [phone.device_id, true];
    stage.draw();
    byId('phone-name').value = phone.name;
    byId('name-field').hidden = turn.hidden = false;
  }

  settings.keep(deviceId, settings.defaultDevice);
  settings.keep(edgeUrl, settings.defaultEdge);
  for (const field of [fps, resolution, ...Object.values(switches)]) settings.keep(field);
  byId('edge-field').hidden = !settings.fromFile;
  showEdge();
  stage.draw();
  const strip = carbon.follow(byId('carbon'), () => settings.edgeBase(edgeUrl.value));
  refreshCameras(rememberedCamera().id);
  phones.follow(byId('phones'));
  const ready = becomePhone();

  start.addEventListener('click', begin);
  stop.addEventListener('click', () => end('idle', messages.idle));
  photo.accept(byId('choose-photo'), byId('photo-file'), beginPhoto);
  byId('settings').addEventListener('submit', event => event.preventDefault());
  fps.addEventListener('change', () => {
    // A waiting page keeps its back-off and the edge's Retry-After.
    if (run && run.failures === 0) alarm.ring();
  });
  edgeUrl.addEventListener('change', () => {
    showEdge();
    strip.again();
    zoning.again();
  });
  deviceId.addEventListener('change', stage.draw);
  turn.addEventListener('click', () => {
    facing = facing === 'user' ? 'environment' : 'user';
    settings.remember('facing', facing);
    // Which way it looks decides now, and no longer which one was chosen.
    cameraSelect.value = '';
    cameraSelect.dispatchEvent(new Event('change'));
  });
  byId('phone-name').addEventListener('change', () => phones.rename(byId('phone-name').value.trim()));
  cameraSelect.addEventListener('change', () => {
    settings.remember('camera', cameraSelect.value);
    settings.remember('camera-label', cameraSelect.selectedOptions[0].textContent);
  });
  for (const field of [cameraSelect, resolution, edgeUrl]) {
    field.addEventListener('change', () => {
      if (run && !run.isPhoto) begin();
    });
  }
  document.addEventListener('visibilitychange', () => {
    if (!run) return;
    run.wasHidden ||= document.hidden;
    if (document.body.dataset.state === 'starting') return;
    showRun();
    if (!document.hidden && run.failures === 0) alarm.ring();
  });
  navigator.mediaDevices?.addEventListener?.('devicechange', () => refreshCameras(cameraSelect.value));
  window.addEventListener('pagehide', () => run && end('idle', messages.idle));
})(window.EdgeCloud ??= {});
