import type { JudgedCheck } from '../soak.js';
import { histogramKind } from './histogram.js';
import type { Kind } from './kind.js';
import { ratioKind } from './ratio.js';
import { valueKind } from './value.js';

const kinds: Record<JudgedCheck['kind'], Kind> = { ratio: ratioKind, value: valueKind, histogram: histogramKind };

export const kindOf = (kind: JudgedCheck['kind']): Kind => kinds[kind];
