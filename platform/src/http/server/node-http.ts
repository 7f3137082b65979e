/**
 * What the server takes from `node:http`. Not by `import`: that reads every export, and among those are the classes of WebSocket
 * and its events, for which Node then loads its whole HTTP client: 40 ms of processor time at each start.
 */
export const { ServerResponse, STATUS_CODES, validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http');
