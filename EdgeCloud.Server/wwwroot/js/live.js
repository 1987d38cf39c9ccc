import { Cards } from './cards.js';
import { timeChart, untilNow } from './charts.js';
import { ZonesPanel } from './edge-zones.js';
import { EventList, showNewest } from './events.js';
import { clock, number, rate } from './format.js';
import { HistorySection } from './history.js';
import { Model } from './model.js';
import { PeopleSection } from './people.js';
import { follow, newestEvents } from './stream.js';
import { showConnecting, showLost, showReading } from './bar.js';
import { showTiles } from './tiles.js';

const feedIntervalMs = 500;
const pastEvents = 6;
const byId = id => document.getElementById(id);

const model = new Model();
const list = new EventList();
const cards = new Cards(model, id => setFollowed(followed === id ? null : id));
let followed = null;
let paused = false;
let feedDrawnAt = -Infinity;
let feedTimer = null;
let isPastKnown = false;

const secondsAgo = x => (x === 0 ? 'now' : -x < 60 ? `${-x} s` : `${Math.round((-x / 60) * 10) / 10} min`);
const lastMinutes = untilNow(300, 60, secondsAgo);
const charts = {
  throughput: timeChart(byId('chart-throughput'),
    { series: [{ label: 'Now', color: '--accent', fill: true }], x: lastMinutes, text: rate }),
  freshness: timeChart(byId('chart-freshness'), {
    series: [{ label: 'p50', color: '--accent' },
      { label: 'p95', color: '--muted' }, { label: 'p99', color: '--edge' }],
    x: lastMinutes, text: number,
  }),
};
const people = new PeopleSection();
const historySection = new HistorySection(asked => people.ask(asked));
const zones = new ZonesPanel(() => schedule('all'));

function showCharts() {
  const { history } = model;
  const newest = history.at(-1)?.atMs;
  const moments = history.map(point => Math.round((point.atMs - newest) / 1000));
  charts.throughput(
    [moments, history.map(point => point.perSecond)], `${rate(history.at(-1)?.perSecond)} events a second now.`);
  const percentile = name => history.map(point => point.freshness?.[name] ?? null);
  const now = history.at(-1)?.freshness;
  charts.freshness([moments, percentile('p50'), percentile('p95'), percentile('p99')],
    `Half of the events are visible after ${number(now?.p50)} milliseconds, 95 percent after ${number(now?.p95)}, `
    + `99 percent after ${number(now?.p99)}.`);
}

function showEvents(at) {
  if (paused) return;
  const device = zones.edited ?? followed;
  const newest = device === null ? model.feed[0] : model.devices.get(device)?.event;
  showNewest(newest, followed);
  zones.show(device ?? newest?.device_id ?? null, newest);
  const early = feedDrawnAt + feedIntervalMs - at;
  if (early > 0) {
    feedTimer ??= setTimeout(() => {
      feedTimer = null;
      schedule('events');
    }, early);
    return;
  }
  feedDrawnAt = at;
  list.show(model.feed);
  byId('feed-note').textContent =
    model.missed > 0 ? `${number(model.missed)} not shown: this browser was too slow` : '';
}

function showAll(at) {
  const { stats } = model;
  showTiles(model);
  showCharts();
  cards.show();
  people.showNow(model);
  historySection.showDevices([...model.devices.keys()]);
  feedDrawnAt = -Infinity;
  showEvents(at);
  byId('empty').hidden = !stats.caught_up || model.devices.size > 0;
  byId('since').textContent = `Server up since ${clock(stats.started_at)}. ${number(stats.events)} events, `
    + `${number(stats.persons)} persons counted in all.`;
}

// One drawing per display frame, however fast messages arrive; none while the tab is hidden.
const due = { all: false, events: false };
function schedule(what) {
  if (!due.all && !due.events) requestAnimationFrame(render);
  due[what] = true;
}

function render(at) {
  const all = due.all && model.stats;
  due.all = due.events = false;
  if (all) {
    showAll(at);
  } else {
    showEvents(at);
    cards.showNumbers();
  }
}

function setFollowed(id) {
  followed = id;
  cards.follow(id);
  if (id !== null) zones.show(id, model.devices.get(id)?.event);
  schedule('all');
}

async function loadPast() {
  isPastKnown = true;
  try {
    model.takePast(await newestEvents(pastEvents));
    schedule('events');
  } catch {
    isPastKnown = false;
  }
}

byId('camera-link').href = byId('empty-link').href = `http://${location.hostname}:9001/`;
byId('unfollow').addEventListener('click', () => setFollowed(null));
byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  schedule('all');
});

window.EdgeCloud.carbon.follow(byId('carbon'), () => new URL('.', location.href));
showConnecting();
showNewest();
const stream = follow({
  status(message) {
    model.takeStatus(message);
    showReading(message.stats);
    // What is there before the server has caught up is not the newest yet.
    if (message.stats.caught_up && !isPastKnown) loadPast();
    schedule('all');
  },
  events(message) {
    model.takeEvents(message);
    zones.take(message.events);
    schedule('events');
  },
  lost(pauseMs) {
    isPastKnown = false;
    showLost(pauseMs);
  },
});
byId('retry').addEventListener('click', () => {
  showConnecting();
  stream.retryNow();
});
