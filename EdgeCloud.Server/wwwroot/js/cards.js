import { sparkline } from './charts.js';
import { ago, duration, none, plural, number, rate, write } from './format.js';

/** Two screens of them. */
const shownAtFirst = matchMedia('(max-width: 719px)').matches ? 8 : 24;
const tones = { online: 'good', stale: 'wait', offline: 'fault' };
const sources = { rtsp: 'RTSP camera', http: 'HTTP camera', file: 'Video file', video: 'USB camera' };
const byId = id => document.getElementById(id);

const template = document.createElement('template');
template.innerHTML = `
  <li class="card device">
    <h3><span class="lamp"></span><button type="button" aria-pressed="false"></button><span class="status"></span></h3>
    <p class="count"><b data-value="persons"></b> <span data-value="persons-label"></span></p>
    <dl>
      <div><dt>FPS</dt><dd data-value="fps"></dd></div>
      <div><dt>Freshness</dt><dd data-value="freshness"></dd></div>
      <div><dt>Outbox</dt><dd data-value="outbox"></dd></div>
    </dl>
    <div class="spark" aria-hidden="true"></div>
    <p class="seen"><span data-value="source"></span>Last seen <span data-value="seen"></span></p>
  </li>`;

/** Of a camera that an edge fetches its frames from, away when none come; why, that edge says at /sources. */
function sourceState(kind, status) {
  if (!sources[kind]) return '';
  const state = status === 'online' ? 'running' : kind === 'file' ? 'over' : 'away';
  return `${sources[kind]} ${state}. `;
}

/** A card of one device, made once and written to. */
class Card {
  constructor(id, onFollow) {
    this.root = template.content.firstElementChild.cloneNode(true);
    this.root.dataset.device = id;
    this.lamp = this.root.querySelector('.lamp');
    this.status = this.root.querySelector('.status');
    this.button = this.root.querySelector('button');
    this.button.textContent = id;
    this.button.title = `Show only ${id} above`;
    this.button.addEventListener('click', () => onFollow(id));
    this.values = Object.fromEntries(
      [...this.root.querySelectorAll('[data-value]')].map(element => [element.dataset.value, element]));
    this.isNear = true;
    this.root.card = this;
  }

  show(device, now, followed) {
    const { summary, event } = device;
    const persons = event?.persons_detected ?? summary?.persons_detected;
    const status = summary?.status ?? 'online';
    if (this.root.dataset.status !== status) {
      this.root.dataset.status = status;
      this.lamp.dataset.tone = tones[status];
      this.status.textContent = status;
    }
    this.button.setAttribute('aria-pressed', String(followed));
    write(this.values.persons, number(persons));
    write(this.values['persons-label'], persons === 1 ? 'person' : 'persons');
    write(this.values.fps, rate(device.fps));
    write(this.values.freshness, duration(device.freshness ?? NaN));
    write(this.values.outbox, number(event?.outbox_events ?? summary?.outbox_events));
    write(this.values.source, sourceState(event?.source, status));
    write(this.values.seen, summary ? ago(summary.last_seen, now) : none);
  }

  showSpark(device) {
    if (!this.isNear) return;
    this.spark ??= sparkline(this.root.querySelector('.spark'), device.spark.length);
    this.spark.show(device.spark);
  }

  remove() {
    this.spark?.remove();
    this.root.remove();
  }
}

/** The devices' cards: those the filter lets through, by id, and at first no more than a screen or two of them. */
export class Cards {
  #cards = new Map();
  #filter = { status: '', text: '', all: false };
  #followed = null;
  #model;
  #near = new IntersectionObserver(
    entries => entries.forEach(({ target, isIntersecting }) => this.#setNear(target.card, isIntersecting)),
    { rootMargin: '300px' });

  constructor(model, onFollow) {
    this.#model = model;
    this.onFollow = onFollow;
    this.chips = [...document.querySelectorAll('.filters .chip')];
    for (const chip of this.chips) chip.addEventListener('click', () => this.#choose({ status: chip.dataset.status }));
    byId('search').addEventListener('input', event => this.#choose({ text: event.target.value.trim().toLowerCase() }));
    byId('more').addEventListener('click', () => this.#choose({ all: !this.#filter.all }));
  }

  follow(id) {
    this.#followed = id;
    this.show();
  }

  #choose(filter) {
    Object.assign(this.#filter, filter);
    for (const chip of this.chips)
      chip.setAttribute('aria-pressed', String(chip.dataset.status === this.#filter.status));
    this.show();
  }

  /** All of it: which cards there are, their numbers, their sparklines. */
  show() {
    const devices = [...this.#model.devices.values()]
      .filter(device => device.summary).sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
    for (const chip of this.chips) {
      write(chip.firstElementChild, number(
        devices.filter(device => !chip.dataset.status || device.summary.status === chip.dataset.status).length));
    }

    const { status, text, all } = this.#filter;
    const found =
      devices.filter(device => (!status || device.summary.status === status) && device.id.toLowerCase().includes(text));
    this.#place(found.slice(0, all ? undefined : shownAtFirst));
    byId('cards-empty').hidden = found.length > 0;
    write(byId('cards-empty'), devices.length === 0 ? 'No device has reported yet.' : 'No device is like that now.');
    byId('more').hidden = found.length <= shownAtFirst;
    write(byId('more'), all ? 'Show fewer' : `Show all ${plural(found.length, 'device')}`);
    this.showNumbers();
    for (const [id, card] of this.#cards) card.showSpark(this.#model.devices.get(id));
  }

  showNumbers() {
    for (const [id, card] of this.#cards) {
      const device = this.#model.devices.get(id);
      if (device && card.isNear) this.#showCard(card, device);
    }
  }

  /** Only those on the screen or close to it are written to. */
  #setNear(card, isNear) {
    card.isNear = isNear;
    const device = this.#model.devices.get(card.root.dataset.device);
    if (!isNear || !device) return;
    this.#showCard(card, device);
    card.showSpark(device);
  }

  #showCard(card, device) {
    card.show(device, this.#model.now, device.id === this.#followed);
  }

  #place(devices) {
    const wanted = new Set(devices.map(device => device.id));
    for (const [id, card] of this.#cards) {
      if (wanted.has(id)) continue;
      this.#near.unobserve(card.root);
      card.remove();
      this.#cards.delete(id);
    }

    let next = byId('cards').firstElementChild;
    for (const { id } of devices) {
      let card = this.#cards.get(id);
      if (!card) {
        this.#cards.set(id, (card = new Card(id, this.onFollow)));
        this.#near.observe(card.root);
      }
      if (card.root === next) next = next.nextElementSibling;
      else byId('cards').insertBefore(card.root, next);
    }
  }
}
