import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';
import { elbow } from '../model/elbow.ts';

/** A line of the flow; one that a run went along is lit. */
export function FlowLine(props: EdgeProps<Edge<{ readonly isPassed: boolean }>>) {
  const { id, data, sourceX, sourceY, targetX, targetY } = props;
  const path = elbow({ x: sourceX, y: sourceY }, { x: targetX, y: targetY });
  return <BaseEdge id={id} path={path} className={data?.isPassed ? 'line is-passed' : 'line'} />;
}
