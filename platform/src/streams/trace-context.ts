/** The trace that is under way, as text that can be stored and sent. */
import { context, propagation } from '@opentelemetry/api';

const sampledFlag = 1;

/** The traceparent of a sampled trace, else null: W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  const { traceparent } = carrier;
  if (traceparent === undefined) return null;
  return (Number.parseInt(traceparent.slice(-2), 16) & sampledFlag) === sampledFlag ? traceparent : null;
}
