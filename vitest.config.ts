import { defineConfig } from "vitest/config";

const rooms = ["shared", "main", "preload", "renderer", "scripts"];
const crossing = ["conformance", "hostile", "interop", "security", "crash", "package"];

export default defineConfig({
  test: {
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: rooms.map((room) => `${room}/**/*.test.{ts,tsx}`) },
      },
      ...crossing.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [
            `test/${name}/**/*.test.ts`,
            ...(name === "hostile" ? ["test/support/**/*.test.ts"] : []),
          ],
        },
      })),
    ],
    coverage: {
      provider: "v8",
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: "coverage",
      include: ["main/**/*.ts", "shared/**/*.ts", "renderer/**/*.{ts,tsx}"],
      exclude: ["**/*.test.{ts,tsx}", "**/*.test-d.ts", "**/*.d.ts"],
    },
  },
});
