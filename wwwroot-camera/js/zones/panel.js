'use strict';

(function (EdgeCloud) {
  const hint = 'Press the corners of a zone, or both ends of a line, on the picture; the first corner, a double '
    + 'click or Enter ends a zone. Drag what is there, or move it with the arrow keys (with Shift further), add a '
    + 'corner with + and remove one with Delete.';
  const plural = (count, one) => `${count} ${count === 1 ? one : `${one}s`}`;

  function element(name, className, text = '') {
    return Object.assign(document.createElement(name), { className, textContent: text });
  }

  function button(text, onClick, label = text) {
    const made = Object.assign(element('button', 'button quiet small', text), { type: 'button' });
    if (label !== text) made.setAttribute('aria-label', label);
    made.addEventListener('click', onClick);
    return made;
  }

  function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
  }

  /** Where a row of the list says what is in a zone, or crossed a line. */
  function countsOf({ kind, name }, tracks) {
    if (kind === 'line') {
      const { forward, backward } = tracks.crossingsOf(name);
      return `${forward} forward, ${backward} backward`;
    }
    const persons = tracks.personsIn(name);
    return Number.isFinite(persons) ? `${plural(persons, 'person')} now` : '';
  }

  /**
   * What is in the <details> of zones: the list of shapes, and the buttons.
   * @param on.opened(isOpen), on.add(kind, byKeyboard), on.select(shape), on.move(shape), on.changed(shape),
   * on.remove(shape), on.save(), on.discard(), on.load().
   */
  function createPanel(details, on) {
    const summary = element('summary', '');
    const [title, note] = [element('h2', 'card-title'), element('span', 'zones-note')];
    const said = element('p', 'zones-said');
    const list = element('ul', 'zones-list');
    const none = element('p', 'zones-none', 'No zone and no line yet.');
    const body = element('div', 'zones-body');
    const actions = element('div', 'zones-actions');
    // By the keyboard there is no press, so no place to begin at: a square or a line appears in the middle.
    const adding = (text, kind) => button(text, event => on.add(kind, event.detail === 0));
    const [newZone, newLine] = [adding('New zone', 'zone'), adding('New line', 'line')];
    const [discard, save] = [button('Discard', on.discard), button('Save', on.save)];
    const load = button('Load those', on.load, 'Load those; your changes are lost');
    save.className = 'button small';
    load.hidden = true;
    summary.append(title, note);
    actions.append(newZone, newLine, discard, save);
    body.append(element('p', 'zones-hint', hint), list, none, said, load, actions);
    details.append(summary, body);
    details.addEventListener('toggle', () => on.opened(details.open));
    let rows = [];

    function row(shape) {
      const isZone = shape.kind === 'zone';
      const root = element('li', '');
      const name = Object.assign(element('input', 'zones-name'), { type: 'text', value: shape.name, maxLength: 64 });
      const counts = element('span', 'zones-counts');
      name.setAttribute('aria-label', `Name of the ${shape.kind}`);
      name.spellcheck = false;
      name.addEventListener('input', () => {
        shape.name = name.value;
        on.changed(shape);
      });
      root.addEventListener('focusin', () => on.select(shape));
      root.dataset.kind = shape.kind;
      root.append(name);
      if (isZone) root.append(capacityOf(shape));
      root.append(counts, button('Move', () => on.move(shape), `Move ${shape.name}`));
      if (!isZone) {
        root.append(button('Turn', () => {
          shape.points.reverse();
          on.changed(shape);
        }, `Turn ${shape.name}, so that forward is the other way`));
      }
      root.append(button('Delete', () => removed(shape), `Delete ${shape.name}`));
      return { shape, root, counts };
    }

    function capacityOf(shape) {
      const label = element('label', 'zones-capacity', 'At most ');
      const input = Object.assign(
        element('input', ''), { type: 'number', min: 1, max: 10_000, step: 1, value: shape.capacity ?? '' });
      input.setAttribute('aria-label', 'At most so many persons');
      input.addEventListener('input', () => {
        shape.capacity = input.value === '' ? null : input.valueAsNumber;
        on.changed(shape);
      });
      label.append(input);
      return label;
    }

    function removed(shape) {
      const at = rows.findIndex(one => one.shape === shape);
      on.remove(shape);
      (rows[Math.min(at, rows.length - 1)]?.root.querySelector('button:last-child') ?? newZone).focus();
    }

    function show({ heading, text, shapes, tracks, selected, isDirty, isReadable }) {
      write(title, heading);
      write(note, text);
      body.dataset.readable = String(isReadable);
      if (rows.length !== shapes.length || rows.some(({ shape }, index) => shape !== shapes[index])) {
        rows = shapes.map(row);
        list.replaceChildren(...rows.map(({ root }) => root));
      }
      none.hidden = shapes.length > 0;
      for (const { shape, root, counts } of rows) {
        root.toggleAttribute('data-selected', shape === selected);
        write(counts, countsOf(shape, tracks));
      }
      for (const one of [discard, save]) one.setAttribute('aria-disabled', String(!isDirty));
    }

    return {
      show,
      /** @param offersLoading whether what somebody else has saved can be loaded. */
      say(text, tone = '', offersLoading = false) {
        write(said, text);
        said.dataset.tone = tone;
        const hadFocus = document.activeElement === load;
        load.hidden = !offersLoading;
        if (hadFocus && load.hidden) save.focus();
      },
      focusRow: shape => rows.find(one => one.shape === shape)?.root.querySelector('button').focus(),
      add: extra => body.prepend(extra),
    };
  }

  EdgeCloud.zonePanel = { createPanel, plural };
})(window.EdgeCloud ??= {});
