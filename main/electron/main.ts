// The window's process. Everything before the app is ready must be done before the first await of startShell().
import { startShell } from "./shell.ts";

await startShell({
  argv: process.argv,
  environment: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
  say: (sentence) => void process.stderr.write(`${sentence}\n`),
});
