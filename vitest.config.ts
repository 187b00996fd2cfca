import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const rooms = ["shared", "main", "preload", "renderer", "scripts"];
const crossing = ["conformance", "hostile", "interop", "security", "crash", "power-loss", "package"];

/** Set by `npm test`: where processes that tests start leave their coverage. The suites that kill leave none. */
const coverageFolder = process.env["SALLYPORT_COVERAGE"];
const measured = ["unit", "conformance", "interop", "security"];
const environment = (name: string): Record<string, string> =>
  coverageFolder !== undefined && measured.includes(name)
    ? { NODE_V8_COVERAGE: join(coverageFolder, "processes") }
    : {};

const project = (name: string, include: readonly string[]) => ({
  extends: true as const,
  test: { name, include: [...include], env: environment(name) },
});

export default defineConfig({
  test: {
    // Native modules and nested worker threads are proven under forks.
    pool: "forks",
    // A test of a process waits for it most of the time: with one worker, half of a small machine would stand still.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 240_000,
    projects: [
      project("unit", [...rooms.map((room) => `${room}/**/*.test.{ts,tsx}`), "test/support/**/*.test.ts"]),
      ...crossing.map((name) => project(name, [`test/${name}/**/*.test.ts`])),
    ],
    coverage: {
      provider: "v8",
      reporter: ["json"],
      reportOnFailure: true,
      reportsDirectory: "coverage",
      include: ["main/**/*.ts", "shared/**/*.ts", "renderer/**/*.{ts,tsx}"],
      exclude: ["**/*.test.{ts,tsx}", "**/*.test-d.ts", "**/*.d.ts", "**/*.config.ts"],
    },
  },
});
