// node render-uml.mjs FILE.puml...          draws FILE.svg beside each; prints a line for each that is no PlantUML,
//                                           and then exits with 1.
// node render-uml.mjs --check FILE.puml...  draws nothing; prints a line, too, for each whose FILE.svg is not its
//                                           picture.
//
// PlantUML's own engine, compiled to JavaScript: no Java. It expects a browser, and needs very little of one. Texts are
// as wide as the metrics of Helvetica say, so that a picture is the same to the byte wherever it is drawn; textLength
// makes other fonts keep to that.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Encodings, Font } from "@pdf-lib/standard-fonts";
import { DOMImplementation, DOMParser, XMLSerializer } from "@xmldom/xmldom";

const families = "Helvetica, Arial, Liberation Sans, sans-serif";
const regular = Font.load("Helvetica");
const bold = Font.load("Helvetica-Bold");

function widthOf(text, isBold, size) {
  const font = isBold ? bold : regular;
  const { WinAnsi } = Encodings;
  const glyph = code => WinAnsi.canEncodeUnicodeCodePoint(code) ? WinAnsi.encodeUnicodeCodePoint(code).name : "m";
  const widths = [...text].map(character => font.getWidthOfGlyph(glyph(character.codePointAt(0))));
  return widths.reduce((sum, width) => sum + width, 0) / 1000 * size;
}

/** What PlantUML asks of a canvas: only how large a text is. */
const canvas = {
  getContext: () => ({
    font: "",
    measureText(text) {
      const size = Number(/([\d.]+)px/.exec(this.font)[1]);
      return {
        width: widthOf(text, /bold/.test(this.font), size),
        actualBoundingBoxAscent: 0.72 * size,
        actualBoundingBoxDescent: 0.21 * size,
        fontBoundingBoxAscent: 0.93 * size,
        fontBoundingBoxDescent: 0.22 * size,
      };
    },
  }),
};

async function startEngine() {
  // Graphviz is a script for pages, which leaves its only name behind. It looks for where it was loaded from, and in a
  // document when there is one.
  globalThis.location = { href: import.meta.url };
  (0, eval)(await readFile(fileURLToPath(import.meta.resolve("@plantuml/core/viz-global.js")), "utf8"));

  const document = new DOMImplementation().createDocument(null, "html", null);
  const createElement = document.createElement.bind(document);
  document.createElement = name => name === "canvas" ? canvas : createElement(name);
  document.body = document.documentElement;

  // An empty box makes the engine ask the canvas instead.
  const getBBox = () => ({ x: 0, y: 0, width: 0, height: 0 });
  Object.assign(Object.getPrototypeOf(document.documentElement), { style: {}, getBBox });
  Object.assign(globalThis, { document, window: { document }, DOMParser, XMLSerializer });

  const { renderToString } = await import("@plantuml/core");
  return source => new Promise((resolve, reject) => renderToString(source.split("\n"), resolve, reject));
}

/** One line for each element, for whoever reads a diff. */
function finish(svg) {
  const picture = new DOMParser().parseFromString(svg, "image/svg+xml");
  for (const text of picture.getElementsByTagName("text")) {
    const size = Number(text.getAttribute("font-size"));
    text.setAttribute("font-family", families);
    const isBold = text.getAttribute("font-weight") === "bold";
    text.setAttribute("textLength", widthOf(text.textContent, isBold, size).toFixed(2));
  }
  return new XMLSerializer().serializeToString(picture).replace(/></g, ">\n<") + "\n";
}

const print = console.log;
console.log = () => {};
const render = await startEngine();
const isCheck = process.argv[2] === "--check";
for (const file of process.argv.slice(isCheck ? 3 : 2)) {
  const svg = await render(await readFile(file, "utf8"));
  const problem = /\[From textarea \(line (\d+)\)/.exec(svg);
  if (problem) {
    const reason = />\s*((?:Syntax Error|Cannot|No )[^<]*)</.exec(svg)?.[1] ?? "PlantUML does not understand it";
    print(`${file}:${problem[1]}: ${reason}`);
    process.exitCode = 1;
    continue;
  }

  const target = file.replace(/\.puml$/, ".svg");
  const picture = finish(svg);
  if (!isCheck) {
    await writeFile(target, picture);
  } else if (await readFile(target, "utf8").catch(() => "") !== picture) {
    print(`${file}: ${target} is not its picture; draw it: node eng/render-uml.mjs ${file}`);
    process.exitCode = 1;
  }
}
