import { dwell, none, number, write } from './format.js';
import { refreshMs, toVisitsQuery } from './history-query.js';
import { ask } from './server.js';
import { Timeline } from './timeline.js';

const everyMs = 15_000;
const byId = id => document.getElementById(id);
const noVisits = 'This server keeps no visits.';

/** A table's rows, the first cell of each being its head; a single cell says that there is none. */
function fill(body, rows, columns, nothing) {
  body.replaceChildren(...(rows.length ? rows : [[nothing]]).map(texts => {
    const row = document.createElement('tr');
    row.append(...texts.map((text, index) => {
      const isHead = index === 0 && texts.length > 1;
      const cell = Object.assign(document.createElement(isHead ? 'th' : 'td'), { textContent: text });
      if (isHead) cell.scope = 'row';
      else if (texts.length === 1) Object.assign(cell, { colSpan: columns, className: 'none' });
      return cell;
    }));
    return row;
  }));
}

/** Who came and how long they stayed, from the store, in the time and of the devices that the history shows. */
export class PeopleSection {
  #asked = null;
  #shownOf = null;
  #asking = null;
  #timer = null;
  #zones = [];
  #timeline = new Timeline(byId('timeline'));

  constructor() {
    this.#show(null);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.#asked && refreshMs(this.#asked) < Infinity) this.#load();
    });
  }

  /** @param asked what the history shows: { range, device, from, to }. */
  ask(asked) {
    this.#asked = asked;
    this.#load();
  }

  /** Persons now, by the newest events. */
  showNow(model) {
    for (const { zone, cell } of this.#zones) {
      const occupancy = model.devices.get(zone.device_id)?.event?.zones?.occupancy ?? [];
      write(cell, number(occupancy.find(one => one.zone === zone.zone)?.persons));
    }
  }

  async #load() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const asked = this.#asked;
    if (this.#shownOf !== asked) this.#say('loading', 'Loading …');
    try {
      this.#show(await ask('visits', toVisitsQuery(asked), asking.signal));
      this.#shownOf = asked;
      this.#say('shown', '');
    } catch (error) {
      if (asking.signal.aborted) return;
      const isOfThis = this.#shownOf === asked;
      if (!isOfThis) this.#show(null);
      const why = error.status === 404 ? noVisits : error.message;
      this.#say('failed', `${why}${isOfThis ? ' What you see is the last that came.' : ''}`);
    }
    if (refreshMs(asked) < Infinity) this.#timer = setTimeout(() => !document.hidden && this.#load(), everyMs);
  }

  #show(answer) {
    write(byId('people-present'), number(answer?.present));
    write(byId('people-visits'), number(answer?.visits));
    write(byId('people-dwell'), dwell(answer?.dwell_seconds_median ?? NaN));
    this.#timeline.show(answer);
    const { zones = [], crossings = [] } = answer ?? {};
    const isOne = new Set([...zones, ...crossings].map(one => one.device_id)).size < 2;
    const called = (one, name) => (isOne ? name : `${one.device_id}, ${name}`);
    fill(byId('people-zones'), zones.map(one =>
      [called(one, one.zone), number(one.visits), dwell(one.dwell_seconds_median ?? NaN), none]), 4,
      answer ? 'No visit in a zone.' : none);
    fill(byId('people-lines'), crossings.map(one =>
      [called(one, one.line), number(one.forward), number(one.backward)]), 3,
      answer ? 'No line was crossed.' : none);
    this.#zones = zones.map((zone, index) => ({ zone, cell: byId('people-zones').rows[index].lastElementChild }));
  }

  #say(state, text) {
    byId('people').dataset.state = state;
    write(byId('people-status'), text || '\u00a0');
  }
}
