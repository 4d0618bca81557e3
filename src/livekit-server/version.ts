/**
 * The livekit-server that the program is tested with. It builds with plain `go install`: its `go.mod` has no `replace`
 * lines, unlike some releases before and after it.
 */
export const LIVEKIT_SERVER_VERSION = 'v1.13.5';
export const LIVEKIT_SERVER_PACKAGE = `github.com/livekit/livekit-server/cmd/server@${LIVEKIT_SERVER_VERSION}`;
/** The first Go that builds it (`go` line of its `go.mod`). */
export const GO_VERSION = [1, 26] as const;
/** The end of every message about a server that is not there. */
export const HOW_TO_GET_ONE =
  'install Go 1.26 or newer (https://go.dev/dl) and run `npm run livekit`, or download livekit-server from ' +
  'https://github.com/livekit/livekit/releases and set LIVEKIT_SERVER_BIN to it';
