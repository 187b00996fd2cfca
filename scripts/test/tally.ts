import { readFileSync } from "node:fs";

/** What one stage of `npm test` found. A stage that only holds or doesn't counts as one. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** With a reason each, so that a test that did not run is never taken for one that passed. */
  readonly skipped: number;
}

export const held: Tally = { passed: 1, failed: 0, skipped: 0 };
export const broken: Tally = { passed: 0, failed: 1, skipped: 0 };

export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Counts a vitest JSON report. A file that could not even be loaded has no tests, and counts as one failure. */
export function vitestTally(text: string): Tally {
  const report = JSON.parse(text) as VitestReport;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + unloaded;
  return {
    passed: report.numPassedTests,
    // An error outside of any test makes the run fail without a failed test.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly errors: readonly unknown[];
}

/** Counts a Playwright JSON report; a flaky test is a failed one, since nothing is retried. */
export function playwrightTally(text: string): Tally {
  const { stats, errors } = JSON.parse(text) as PlaywrightReport;
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/** The tally of a report file; a report that was never written is one failure. */
export function tallyOf(file: string, count: (text: string) => Tally): Tally {
  try {
    return count(readFileSync(file, "utf8"));
  } catch {
    return broken;
  }
}
