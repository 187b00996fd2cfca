import { describe, expect, test } from "vitest";
import { playwrightTally, tallyOf, vitestTally } from "./tally.ts";

const vitestReport = {
  success: true,
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{}] }],
};

describe("counting what ran", () => {
  test("a vitest report gives its passed, failed and skipped tests", () => {
    expect(vitestTally(JSON.stringify(vitestReport))).toEqual({ passed: 7, failed: 0, skipped: 1 });
  });

  test("a test file that cannot be loaded is a failure", () => {
    const report = {
      ...vitestReport,
      success: false,
      testResults: [{ status: "failed", assertionResults: [] }],
    };
    expect(vitestTally(JSON.stringify(report)).failed).toBe(1);
  });

  test("an error outside of any test is a failure", () => {
    expect(vitestTally(JSON.stringify({ ...vitestReport, success: false })).failed).toBe(1);
  });

  test("a flaky browser test is a failure", () => {
    const report = { stats: { expected: 3, unexpected: 0, flaky: 1, skipped: 0 }, errors: [] };
    expect(playwrightTally(JSON.stringify(report))).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  test("a report that was never written is a failure", () => {
    expect(tallyOf("/nonexistent/report.json", vitestTally).failed).toBe(1);
  });
});
