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
