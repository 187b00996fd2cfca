import { app, session, type Session, type WebContents } from "electron";
import { isOwnBlob, mayLoad, mayNavigate, mayUse } from "./policy.ts";

/** Puts the policy's decisions where Electron asks for them. To be called once the app is ready, before any window. */
export function guardSession(hasDevTools: boolean, guarded: Session = session.defaultSession): void {
  // Unset handlers grant everything, and each of the two alone leaves half of it open.
  guarded.setPermissionRequestHandler((contents, permission, callback, details) => {
    callback(mayUse(permission, details.requestingUrl) && mayUse(permission, contents.getURL()));
  });
  guarded.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    mayUse(permission, `${requestingOrigin}/`),
  );
  guarded.setDevicePermissionHandler(() => false);
  guarded.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  guarded.setSpellCheckerEnabled(false);
  guarded.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !mayLoad(details.url, hasDevTools) }),
  );
  guarded.on("will-download", (event, item) => {
    if (!isOwnBlob(item.getURL())) event.preventDefault();
  });
}

/** Every page that ever comes to be, whoever opens it: no navigation, no second window, no embedded view. */
export function guardContents(): void {
  app.on("web-contents-created", (_event, contents) => guardOne(contents));
}

function guardOne(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  const stay = (event: { preventDefault: () => void }): void => {
    if (!mayNavigate()) event.preventDefault();
  };
  contents.on("will-navigate", stay);
  contents.on("will-frame-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-attach-webview", (event) => event.preventDefault());
}
