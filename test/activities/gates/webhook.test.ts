import { expect, it } from 'vitest';
import type { AskGatekeeper, GateQuestion } from '../../../activities/ports/gatekeeper.js';
import type { WebhookGate } from '../../../src/rollout/schema/gate.js';
import { gateDependencies, gateWork, look } from './gate-work.js';

it('a webhook gate is asked with its URL filled in, who waits there, and the secrets of the place; its answer is the gate\'s', async () => {
  const asked: { gate: WebhookGate; question: GateQuestion; secrets: Record<string, string> }[] = [];
  const askGatekeeper: AskGatekeeper = async (gate, question, secrets) => {
    asked.push({ gate, question, secrets });
    return { isOpen: asked.length > 1, saw: `asked ${asked.length} times` };
  };
  const variables = [
    { name: 'DESK', secret: false, source: { value: 'sydney-desk' } },
    { name: 'GATE_SECRET', secret: true, source: { value: 'whsec_1' } },
  ];
  const { gate, settings, ...question } = gateWork(
    { type: 'webhook', url: 'https://hooks.example.com/{{ DESK }}', secret: 'GATE_SECRET', interval: '10s' }, { variables }, { wave: 2, tenant: 'acme' },
  );
  const dependencies = gateDependencies({ askGatekeeper });
  expect(await look(dependencies, { gate, settings, ...question })).toEqual({ isOpen: false, saw: 'asked 1 times', lookAgainMs: 10_000 });
  expect(await look(dependencies, { gate, settings, ...question })).toMatchObject({ isOpen: true });
  expect(asked[0]).toEqual({ gate: { ...gate, url: 'https://hooks.example.com/sydney-desk' }, question, secrets: { GATE_SECRET: 'whsec_1' } });
});
