import { utc } from './format.js';

const windowMs = 15_000;
const sparkSeconds = 60;
const historySeconds = 300;
const feedSize = 6;

/**
 * Capture (or else acceptance by the edge) to visible on the server, in milliseconds; the clocks are those of the
 * device and of the server.
 */
export const freshness = event => Math.max(0, Date.parse(event.visible_at) - utc(event.captured_at ?? event.timestamp));

/** What the page knows, from the messages of GET /live. Nothing in it grows with time. */
export class Model {
  devices = new Map();
  stats = null;
  feed = [];
  missed = 0;
  history = [];
  clockOffsetMs = 0;

  /** Milliseconds of the server's clock. */
  get now() {
    return Date.now() - this.clockOffsetMs;
  }

  takeEvents({ missed, events }) {
    this.missed += missed;
    for (const event of events) this.#takeEvent(event);
    this.#keep(events.slice(-feedSize));
  }

  /** Events from before the stream, which say nothing about what is going on now. */
  takePast(events) {
    for (const event of events) this.#device(event.device_id).event ??= event;
    this.#keep(events);
  }

  takeStatus({ at, stats, devices }) {
    const atMs = Date.parse(at);
    this.clockOffsetMs = Date.now() - atMs;
    const before = this.history.at(-1);
    this.stats = stats;
    const known = new Set(devices.map(summary => summary.device_id));
    for (const id of this.devices.keys()) if (!known.has(id)) this.devices.delete(id);
    for (const summary of devices) this.#device(summary.device_id).summary = summary;
    for (const device of this.devices.values()) this.#sample(device, atMs);

    const measured =
      before && atMs > before.atMs ? ((stats.events - before.events) * 1000) / (atMs - before.atMs) : null;
    this.history.push(
      { atMs, events: stats.events, perSecond: stats.events_per_second ?? measured, freshness: stats.freshness_ms });
    while (this.history[0].atMs < atMs - historySeconds * 1000) this.history.shift();
  }

  #device(id) {
    let device = this.devices.get(id);
    if (!device) this.devices.set(id, (device = {
      id, summary: null, event: null, samples: [], fps: null, freshness: null, spark: Array(sparkSeconds).fill(null),
      rest: [],
    }));
    return device;
  }

  #takeEvent(event) {
    const device = this.#device(event.device_id);
    const late = device.event && utc(event.timestamp) < utc(device.event.timestamp);
    if (!late) device.event = event;
    device.samples.push({
      atMs: utc(event.timestamp), visibleMs: Date.parse(event.visible_at), sequence: event.frame?.sequence,
      freshness: freshness(event),
    });
    device.rest.push(freshness(event));
  }

  /** Once a second: the newest point of the sparkline is the mean of what came since the last. */
  #sample(device, atMs) {
    const { samples, rest } = device;
    while (samples.length && samples[0].visibleMs < atMs - windowMs) samples.shift();
    device.spark.push(rest.length ? rest.reduce((sum, ms) => sum + ms, 0) / rest.length : null);
    device.spark.shift();
    device.rest = [];
    device.fps = framesPerSecond(samples);
    device.freshness = samples.length ? median(samples.map(sample => sample.freshness)) : null;
  }

  // Events come by the stream and by asking, and some by both.
  #keep(events) {
    const time = event => utc(event.timestamp) || 0;
    const fresh =
      events.filter(event => !event.event_id || !this.feed.some(known => known.event_id === event.event_id));
    this.feed = [...fresh, ...this.feed].sort((a, b) => time(b) - time(a)).slice(0, feedSize);
  }
}

/** By the frames' own numbers where they have any, since events can be missed; by counting them otherwise. */
function framesPerSecond(samples) {
  if (samples.length < 2) return null;
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = (last.atMs - first.atMs) / 1000;
  const numbered = last.sequence - first.sequence;
  return seconds > 0 ? (numbered > 0 ? numbered : samples.length - 1) / seconds : null;
}

function median(values) {
  const sorted = values.sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
