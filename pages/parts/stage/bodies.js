// The bodies, drawn as Gymnasium's own renderer draws them, and their poses in words: a cart with its pole, an acrobot,
// and a car in a valley.

/** Draws in Gymnasium's own pixels, y upwards. Shapes reach half a pixel further: SDL fills all pixels of an outline. */
class Pen {
  constructor(canvas) {
    this.ctx = canvas.getContext("2d", { alpha: false });
  }

  /** Clears the paper, `scale` device pixels to one of Gymnasium's. */
  begin(width, height, scale) {
    Object.assign(this, { width, height, scale });
    this.ctx.setTransform(scale, 0, 0, -scale, 0, scale * height);
    this.fill("#fff");
  }

  fill(style) {
    this.ctx.fillStyle = style;
    this.ctx.fillRect(0, 0, this.width, this.height);
  }

  line(y) {
    this.ctx.fillStyle = "#000";
    this.ctx.fillRect(0, y, this.width, Math.max(1, 1 / this.scale));
  }

  /** A rectangle from (left, low) to (right, high), turned counterclockwise about (0, 0), which lies at (x, y). */
  beam(style, { x, y, angle }, [left, low, right, high]) {
    const { ctx } = this;
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.fillStyle = style;
    ctx.fillRect(left - 0.5, low - 0.5, right - left + 1, high - low + 1);
    ctx.restore();
  }

  disc(style, { x, y }, radius) {
    this.ctx.fillStyle = style;
    this.ctx.beginPath();
    this.ctx.arc(x, y, radius + 0.5, 0, 2 * Math.PI);
    this.ctx.fill();
  }

  polygon(style, points) {
    this.path(points);
    this.ctx.closePath();
    Object.assign(this.ctx, { fillStyle: style, strokeStyle: style, lineWidth: 1 });
    this.ctx.fill();
    this.ctx.stroke(); // as far as an outline reaches
  }

  curve(points) {
    this.path(points);
    Object.assign(this.ctx, { strokeStyle: "#000", lineWidth: Math.max(1, 1 / this.scale) });
    this.ctx.stroke();
  }

  path(points) {
    this.ctx.beginPath();
    for (const [x, y] of points) this.ctx.lineTo(x + 0.5, y + 0.5); // the middle of a pixel
  }
}

/** Where the car's track is in its picture: the valley is a sine, and a position is a third of the sine's angle. */
const TRACK = 600 / 1.8; // px
const alongAt = (position) => TRACK * (position + 1.2);
const heightAt = (position) => TRACK * (0.45 * Math.sin(3 * position) + 0.55);
const HILL = Array.from({ length: 100 }, (_, i) => -1.2 + (1.8 * i) / 99).map((x) => [alongAt(x), heightAt(x)]);
const BOTTOM = -Math.PI / 6;
const FLAG = 0.5;

/** How large Gymnasium draws each, which numbers are angles with the number that is its speed, the seconds of a step. */
const BODIES = {
  cart: {
    width: 600, height: 400, seconds: 0.02, angles: [[2, 3]],
    draw(pen, [position, , theta]) {
      const x = 300 + 125 * position;
      const axle = { x, y: 108, angle: -theta };
      pen.beam("#000", { x, y: 100.5, angle: 0 }, [-25, -15, 25, 15]);
      pen.beam("rgb(202,152,101)", axle, [-5, -5, 5, 120]);
      pen.disc("rgb(129,132,203)", axle, 5);
      pen.line(100);
    },
    say: ([x, , theta]) => `The cart is ${sided(x, 2, " m", ["left", "right"])} of the middle, and its pole leans ` +
      `${sided(degrees(theta), 1, "°", ["to the left", "to the right"])}.`,
  },
  acrobot: {
    width: 500, height: 500, seconds: 0.2, angles: [[0, 2], [1, 3]],
    draw(pen, [upper, lower]) {
      const metre = 500 / 4.4;
      const nail = { x: 250, y: 250, angle: upper - Math.PI / 2 };
      const joint = { x: 250 + metre * Math.sin(upper), y: 250 - metre * Math.cos(upper), angle: nail.angle + lower };
      pen.line(Math.floor(250 + metre));
      for (const end of [nail, joint]) {
        pen.beam("rgb(0,204,204)", end, [0, -0.1 * metre, metre, 0.1 * metre]);
        pen.disc("rgb(204,204,0)", end, 11);
      }
    },
    say: ([upper, lower]) => `The upper link is ${sided(degrees(upper), 0, "°", TURNS)} from hanging down, the lower one ` +
      `${sided(degrees(lower), 0, "°", TURNS)} from the upper one's direction; the free end is ` +
      `${sided(-Math.cos(upper) - Math.cos(upper + lower), 2, " m", ["below", "above"])} the nail.`,
  },
  mountaincar: {
    width: 600, height: 400, angles: [],
    draw(pen, [position]) {
      const car = { x: alongAt(position), y: heightAt(position) + 10, angle: Math.cos(3 * position) };
      const [dx, dy] = [10 * Math.cos(car.angle), 10 * Math.sin(car.angle)];
      pen.curve(HILL);
      pen.beam("#000", car, [-20, 0, 20, 20]);
      for (const side of [1, -1]) pen.disc("rgb(128,128,128)", { x: car.x + side * dx, y: car.y + side * dy }, 8);
      pen.beam("#000", { x: 566.5, y: 332.5, angle: 0 }, [0, 0, 0, 50]);
      pen.polygon("rgb(204,204,0)", [[566, 382], [566, 372], [591, 377]]);
    },
    say: ([position, speed]) => `The car is ${sided(position - BOTTOM, 2, "", ["left", "right"])} of the bottom of the ` +
      `valley, ${position < FLAG ? `${(FLAG - position).toFixed(2)} short of` : "at"} the flag, and ` +
      `${speed ? `rolls ${sided(speed, 4, " a step", ["to the left", "to the right"])}` : "stands still"}.`,
  },
};
const TURNS = ["clockwise", "counterclockwise"];

const degrees = (angle) => (angle * 180) / Math.PI;

const sided = (x, digits, unit, [less, more]) => `${Math.abs(x).toFixed(digits)}${unit} ${x < 0 ? less : more}`;
