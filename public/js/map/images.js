// Knots, spools, yarn and balls of wool, drawn when the map opens and when the colours change.
import { calm } from "./media.js";
import { THREADS } from "./strands.js";

const KINDS = ["idea", "event", "place", "tool", "bed", "structure"];

/** `isCalm` says whether nothing may move; for the page of the design, which shows both. */
export function addImages(map, colour, weave, isCalm = () => calm.matches) {
  const put = (name, image) => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: 2 });
  };
  for (const kind of KINDS) put(`knot-${kind}`, knot(kind, colour));
  for (const kind of THREADS) {
    put(`yarn-${kind}`, yarn(colour[kind], colour));
    put(`tuft-${kind}`, tuft(colour[kind]));
  }
  for (const count of [1, 2, 3, 4]) put(`rings-${count}`, rings(count, colour));
  put("last-day", lastDay(colour));
  put("ball", ball(colour));
  put("spool", picture(30, 30, (pen) => drawSpool(pen, colour, 0)));
  put("spool-turning", turningSpool(map, colour, weave, isCalm));
}

/** Draws on a canvas of `width` × `height` CSS pixels, twice as fine. */
function picture(width, height, draw) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * 2, height * 2];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(2, 2);
  pen.lineCap = pen.lineJoin = "round";
  draw(pen);
  return pen.getImageData(0, 0, width * 2, height * 2);
}

/** Each kind is a knot of its own: the curve of one strand, t from 0 to 1. */
const KNOT = {
  idea: (t) => [(Math.sin(t) + 2 * Math.sin(2 * t)) / 3, (2 * Math.cos(2 * t) - Math.cos(t)) / 3],
  event: (t) => [Math.sin(t), Math.sin(2 * t) * 0.62],
  place: (t) => [Math.cos(t) * Math.cos(2 * t), Math.sin(t) * Math.cos(2 * t)],
  tool: (t) => [Math.sin(2 * t) * 0.9, Math.sin(3 * t + 0.5) * 0.9],
  bed: (t) => [(Math.cos(2 * t) * (1.6 + Math.cos(5 * t))) / 2.6, (Math.sin(2 * t) * (1.6 + Math.cos(5 * t))) / 2.6],
  structure: (t) => [(Math.cos(3 * t) * (2 + Math.cos(8 * t))) / 3, (Math.sin(3 * t) * (2 + Math.cos(8 * t))) / 3],
};

/** One strand over and under itself: every piece is drawn with a seam of linen, so that it lies on the earlier ones. */
function knot(kind, { ink, linen }) {
  return picture(36, 36, (pen) => {
    pen.fillStyle = linen;
    pen.beginPath();
    pen.arc(18, 18, 17, 0, 2 * Math.PI);
    pen.fill();
    const pieces = 96;
    const at = (i) => KNOT[kind]((i / pieces) * 2 * Math.PI).map((value) => 18 + value * 13);
    for (let i = 0; i < pieces + 3; i += 1) {
      for (const [width, colour] of [[6, linen], [3.2, ink]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.lineCap = width === 6 ? "butt" : "round";
        pen.beginPath();
        pen.moveTo(...at(i));
        pen.lineTo(...at(i + 1));
        if (width !== 6) pen.lineTo(...at(i + 1.4));
        pen.stroke();
      }
    }
  });
}

/** Around a knot, a cord of two plies for each yarn that holds it. */
function rings(count, { spool, linen }) {
  return picture(64, 64, (pen) => {
    for (let ring = 0; ring < count; ring += 1) {
      const radius = 19.5 + ring * 3.6;
      const turns = Math.round(radius * 0.8);
      const ply = (phase) => {
        pen.beginPath();
        for (let i = 0; i <= 360; i += 2) {
          const angle = (i / 180) * Math.PI;
          const out = radius + 0.9 * Math.sin(turns * angle + phase);
          pen.lineTo(32 + out * Math.cos(angle), 32 + out * Math.sin(angle));
        }
      };
      for (const [phase, width, stroke] of [[0, 2.4, linen], [Math.PI, 2.4, linen], [0, 1, spool], [Math.PI, 1, spool]]) {
        ply(phase);
        pen.lineWidth = width;
        pen.strokeStyle = stroke;
        pen.stroke();
      }
    }
  });
}

/** Around a knot in its last day, where yarn would be: a cord that has come apart into pieces. */
function lastDay({ ink, linen }) {
  return picture(64, 64, (pen) => {
    for (const [width, stroke] of [[4.4, linen], [1.8, ink]]) {
      pen.lineWidth = width;
      pen.strokeStyle = stroke;
      for (let piece = 0; piece < 5; piece += 1) {
        const from = (piece / 5) * 2 * Math.PI;
        pen.beginPath();
        pen.arc(32, 32, 20.5, from, from + 0.75);
        pen.stroke();
      }
    }
  });
}

/** A ball of wool: windings one over the other, each with its seam. */
function ball({ spool, linen }) {
  return picture(52, 52, (pen) => {
    pen.beginPath();
    pen.arc(26, 26, 24, 0, 2 * Math.PI);
    pen.fillStyle = linen;
    pen.fill();
    pen.clip();
    for (const turn of [0.4, 2.5, -0.7]) {
      pen.save();
      pen.translate(26, 26);
      pen.rotate(turn);
      for (let x = -16; x <= 24; x += 8) {
        pen.globalAlpha = 0.5;
        pen.strokeStyle = spool;
        pen.lineWidth = 2;
        pen.beginPath();
        pen.ellipse(x - 34, 0, 34, 46, 0, -Math.PI / 2, Math.PI / 2);
        pen.stroke();
      }
      pen.restore();
    }
    // Room for the number.
    pen.globalAlpha = 0.85;
    pen.beginPath();
    pen.arc(26, 26, 15, 0, 2 * Math.PI);
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = spool;
    pen.lineWidth = 4;
    pen.beginPath();
    pen.arc(26, 26, 24, 0, 2 * Math.PI);
    pen.stroke();
  });
}

/** A spool seen from its end: flange, winding, hole. */
function drawSpool(pen, { spool, linen, ink }, angle, size = 1) {
  pen.clearRect(0, 0, 30, 30);
  pen.save();
  pen.translate(15, 15);
  pen.scale(size, size);
  pen.rotate(angle);
  pen.fillStyle = linen;
  pen.strokeStyle = spool;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(0, 0, 12, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.lineWidth = 1.6;
  pen.strokeStyle = ink;
  pen.beginPath();
  for (let i = 0; i <= 80; i += 1) pen.lineTo(Math.cos(i / 4.2) * (3 + i / 12), Math.sin(i / 4.2) * (3 + i / 12));
  pen.stroke();
  pen.restore();
}

/** In place of turning, softly, behind what is drawn. */
function glow(pen, ink) {
  const light = pen.createRadialGradient(15, 15, 9, 15, 15, 15);
  light.addColorStop(0, ink);
  light.addColorStop(1, `${ink}00`);
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = light;
  pen.fillRect(0, 0, 30, 30);
  pen.globalCompositeOperation = "source-over";
}

function turningSpool(map, colour, weave, isCalm) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 60;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(2, 2);
  const draw = (angle) => {
    drawSpool(pen, colour, angle, isCalm() ? 0.8 : 1);
    if (isCalm()) glow(pen, colour.ink);
    return pen.getImageData(0, 0, 60, 60).data;
  };
  return {
    width: 60,
    height: 60,
    data: draw(0),
    render() {
      // Only while one turns is there a next frame.
      if (isCalm() || weave.turning < weave.now()) return false;
      this.data = draw((weave.now() % 2500) / 2500 * 2 * Math.PI);
      map.triggerRepaint();
      return true;
    },
  };
}

/** Two plies, each over the other in turn. */
function yarn(hue, { linen }) {
  return picture(16, 8, (pen) => {
    for (const [phase, colour] of [[0, hue], [Math.PI, hue]]) {
      for (const [width, stroke] of [[4.2, linen], [2.4, colour]]) {
        pen.strokeStyle = stroke;
        pen.lineWidth = width;
        pen.beginPath();
        for (let x = -1; x <= 17; x += 0.5) pen.lineTo(x, 4 + 2.1 * Math.sin((x / 16) * 2 * Math.PI + phase));
        pen.stroke();
      }
    }
  });
}

function tuft(hue) {
  return picture(14, 34, (pen) => {
    pen.strokeStyle = hue;
    pen.lineWidth = 2;
    for (const [bend, end] of [[-5, 2], [0, 7], [5, 12]]) {
      pen.beginPath();
      pen.moveTo(7, 33);
      pen.quadraticCurveTo(7 + bend / 3, 18, end, 4 + Math.abs(bend));
      pen.stroke();
    }
  });
}
