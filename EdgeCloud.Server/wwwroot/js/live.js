import { drawEvent, percent } from './drawing.js';
import { follow, getJson } from './feed.js';

const recentShown = 8;
const refreshEveryMs = 2000;
const byId = id => document.getElementById(id);
const none = '–';
const tones = { online: 'good', stale: 'wait', offline: 'fault' };
const state = { events: [], devices: [], stats: {}, streaming: false, loaded: false, redraw: false };

const list = answer => (Array.isArray(answer) ? answer : answer?.events ?? answer?.devices ?? []).filter(item => item && typeof item === 'object');
const personsIn = summary => summary.persons_detected ?? summary.faces?.length ?? 0;
const number = value => (Number.isFinite(value) ? value.toLocaleString('en') : none);

function clock(timestamp) {
  const time = new Date(timestamp ?? NaN);
  return Number.isNaN(time.getTime()) ? none : time.toLocaleTimeString([], { hour12: false });
}

function ago(timestamp) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(timestamp)) / 1000));
  if (Number.isNaN(seconds)) return none;
  if (seconds < 2) return 'now';
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : clock(timestamp);
}

function cell(content, className = '') {
  const td = document.createElement('td');
  td.className = className;
  td.append(...[content].flat());
  td.title = td.textContent;
  return td;
}

function row(dataset, cells) {
  const tr = document.createElement('tr');
  Object.assign(tr.dataset, dataset);
  tr.append(...cells);
  return tr;
}

function lamp(status) {
  const span = document.createElement('span');
  span.className = 'lamp';
  span.dataset.tone = tones[status] ?? '';
  return span;
}

function fill(id, rows, placeholder) {
  const body = byId(id);
  const nothing = cell(placeholder, 'none');
  nothing.colSpan = [...body.parentElement.tHead.rows[0].cells].filter(head => head.offsetWidth > 0).length;
  body.replaceChildren(...(rows.length ? rows : [row({}, [nothing])]));
}

function bestScore(event) {
  const scores = list(event.faces).map(face => face.conf).filter(Number.isFinite);
  return scores.length ? percent(Math.max(...scores)) : none;
}

function render() {
  state.redraw = false;
  const { events, devices, stats } = state;
  const online = devices.filter(device => device.status === 'online');
  byId('persons').textContent = state.loaded ? number(online.reduce((sum, device) => sum + personsIn(device), 0)) : none;
  byId('devices-online').textContent = state.loaded ? number(online.length) : none;
  byId('events').textContent = number(stats.events);
  byId('duplicates').textContent = number(stats.duplicates);
  byId('dead-letters').textContent = number(stats.dead_letters);
  const totals = stats.caught_up === false ? 'Still reading what Kafka kept.' : 'Totals count what Kafka kept, and all since.';
  byId('since').textContent = stats.started_at ? `Server up since ${clock(stats.started_at)}. ${totals}` : '';

  const [newest] = events;
  drawEvent(byId('newest'), newest);
  byId('empty').hidden = !state.loaded || events.length > 0;
  byId('newest-title').textContent = newest ? `${newest.device_id ?? 'Unknown device'}, ${clock(newest.timestamp)}` : 'Newest event';

  fill('devices', devices.map(device => row({ device: device.device_id, status: device.status }, [
    cell(device.device_id ?? none),
    cell([lamp(device.status), device.status ?? none]),
    cell(number(personsIn(device)), 'number'),
    cell(number(device.events), 'number wide'),
    cell(ago(device.last_seen), 'number'),
  ])), 'No device has reported yet.');
  fill('recent', events.slice(0, recentShown).map(event => row({ eventId: event.event_id ?? '' }, [
    cell(clock(event.timestamp)),
    cell(event.device_id ?? none),
    cell(number(personsIn(event)), 'number'),
    cell(bestScore(event), 'number'),
  ])), 'No event yet.');
}

// One drawing per display frame, however fast events arrive; none while the tab is hidden.
function scheduleRender() {
  if (state.redraw) return;
  state.redraw = true;
  requestAnimationFrame(render);
}

// Events come by the stream and by asking, in any order, and some by both.
function keep(events) {
  const age = event => -(Date.parse(event.timestamp) || 0);
  const fresh = events.filter(event => !event.event_id || !state.events.some(known => known.event_id === event.event_id));
  state.events = [...fresh, ...state.events].sort((a, b) => age(a) - age(b)).slice(0, recentShown);
  scheduleRender();
}

// Totals and statuses come by asking. So do events while the stream is not open, which a buffering proxy can delay.
async function refresh(withEvents) {
  const [stats, devices, events] = await Promise.allSettled([
    getJson('stats'),
    getJson('devices'),
    withEvents ? getJson(`data?limit=${recentShown}`) : [],
  ]);
  if (stats.value) state.stats = stats.value;
  if (devices.value) state.devices = list(devices.value);
  if (events.value) keep(list(events.value));
  state.loaded ||= devices.status === 'fulfilled';
  if (devices.status === 'fulfilled') showLive();
  else showLost();
  scheduleRender();
}

function showConnection(connection, tone, text) {
  document.body.dataset.connection = connection;
  byId('lamp').dataset.tone = tone;
  byId('lamp').dataset.busy = String(connection !== 'live');
  if (byId('status').textContent !== text) byId('status').textContent = text;
}

const showLive = () => showConnection('live', 'good', 'Live');
const showLost = () => showConnection('lost', 'wait', 'Reconnecting …');

byId('camera-link').href = `http://${location.hostname}:9001/`;
render();
refresh(true);
follow({
  onOpen() {
    state.streaming = true;
    refresh(true);
  },
  onLost() {
    state.streaming = false;
    showLost();
  },
  onDetection: event => keep([event]),
});
setInterval(() => document.hidden || refresh(!state.streaming), refreshEveryMs);
