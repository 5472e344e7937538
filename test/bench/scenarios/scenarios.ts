/** All that is measured, in this order. */
import { crowd } from './crowd.ts';
import { messages } from './messages.ts';
import { growth } from './growth.ts';
import { start } from './start.ts';
import { storm } from './storm.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: Scenario[] = [...messages, crowd, storm, start, growth];

export function scenarioOf(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (!scenario) throw new Error(`There is no scenario ${name}.`);
  return scenario;
}
