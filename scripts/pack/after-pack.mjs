import { readdirSync } from "node:fs";
import { join } from "node:path";
import { flipFuses, FuseV1Options, FuseVersion } from "@electron/fuses";
import { addCommandLine } from "./command-line.mjs";

/** electron-builder calls this for each platform it has packed, before it makes installers of the folder. */
export async function afterPack(context) {
  addCommandLine(context);
  await setFuses(context);
}

/**
 * Sets Electron's fuses in the packed binary. electron-builder's own `fuses` key knows only eight of the nine.
 * SALLYPORT_FUSES=e2e leaves the inspector on, without which Playwright can't drive the packed program.
 */
async function setFuses({ appOutDir, electronPlatformName, packager }) {
  const name = packager.executableName ?? packager.appInfo.productFilename;
  const binary = {
    linux: name,
    win32: `${packager.appInfo.productFilename}.exe`,
    darwin: `${packager.appInfo.productFilename}.app`,
  };
  const file = binary[electronPlatformName];
  if (file === undefined || !readdirSync(appOutDir).includes(file)) {
    throw new Error(`No ${file} in ${appOutDir}: its fuses can't be set, so it must not be shipped.`);
  }
  await flipFuses(join(appOutDir, file), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    [FuseV1Options.RunAsNode]: false,
    // We set no cookies under app://, and encrypting them asks for the keyring at start.
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: process.env.SALLYPORT_FUSES === "e2e",
    // Linux has no such check; there the package's own signature is the integrity story.
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: electronPlatformName !== "linux",
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    [FuseV1Options.WasmTrapHandlers]: true,
  });
}
