import { drawEvent } from './drawing.js';
import { clock, duration, percent, plural, write } from './format.js';
import { freshness } from './model.js';

const byId = id => document.getElementById(id);

const template = document.createElement('template');
template.innerHTML = `
  <li>
    <svg aria-hidden="true"></svg>
    <p><b></b><span></span></p>
    <p class="when"><time></time><span></span></p>
  </li>`;

function bestScore(event) {
  const scores = (event.faces ?? []).map(face => face.conf).filter(Number.isFinite);
  return scores.length ? `, ${percent(Math.max(...scores))}` : '';
}

/** The newest events as a list whose rows stay and are written to. */
export class EventList {
  #rows = [];

  show(events) {
    byId('feed-empty').hidden = events.length > 0;
    while (this.#rows.length < events.length) {
      const root = template.content.firstElementChild.cloneNode(true);
      const [device, found, time, fresh] = root.querySelectorAll('b, span, time');
      this.#rows.push({ root, svg: root.querySelector('svg'), device, found, time, fresh, event: null });
      byId('feed').append(root);
    }

    this.#rows.forEach((row, index) => {
      const event = events[index];
      row.root.hidden = !event;
      if (!event || row.event === event) return;
      row.event = event;
      row.root.dataset.eventId = event.event_id ?? '';
      drawEvent(row.svg, event, true);
      write(row.device, event.device_id);
      write(row.found, `${plural(event.persons_detected, 'person')}${bestScore(event)}`);
      write(row.time, clock(event.timestamp));
      write(row.fresh, event.visible_at ? duration(freshness(event)) : '');
    });
  }
}

/** The frame: the newest event of all devices or of one. */
export function showNewest(event, followed) {
  drawEvent(byId('newest'), event);
  write(byId('newest-title'), event ? `${event.device_id}, ${clock(event.timestamp)}` : (followed ?? 'Newest event'));
  byId('unfollow').hidden = !followed;
}
