import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const saveEveryMs = 1_000;

/** How many orders the region has taken, and what they were worth. Lives in the region's data folder, so that it survives restarts. */
export class Ledger {
  #file;
  #saved = '';
  #timer;
  orders = 0;
  revenue = 0;

  constructor(folder) {
    mkdirSync(folder, { recursive: true });
    this.#file = path.join(folder, 'ledger.json');
    Object.assign(this, readLedger(this.#file));
    this.#timer = setInterval(() => this.save(), saveEveryMs);
  }

  add(total) {
    this.orders += 1;
    this.revenue = Math.round((this.revenue + total) * 100) / 100;
  }

  /** Writes beside the file and renames: a reader, or a restart after a crash, finds the old ledger or the new one, whole. */
  save() {
    const text = JSON.stringify({ orders: this.orders, revenue: this.revenue });
    if (text === this.#saved) return;
    writeFileSync(`${this.#file}.new`, text);
    renameSync(`${this.#file}.new`, this.#file);
    this.#saved = text;
  }

  close() {
    clearInterval(this.#timer);
    this.save();
  }
}

function readLedger(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
