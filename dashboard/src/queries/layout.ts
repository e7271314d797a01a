// Where the nodes of a plan are, and which way its edges take. Loaded when the first plan is drawn.
import { Graph, layout as arrange } from '@dagrejs/dagre';
import type { Plan } from './queries';

export interface Point {
  x: number;
  y: number;
}

export interface Placed {
  width: number;
  height: number;
  /** The middle of each node, by its id. */
  nodes: ReadonlyMap<string, Point>;
  /** In the order of the plan's edges; those between unknown nodes have no points. */
  edges: readonly { points: readonly Point[]; label: Point }[];
}

export const NODE = { width: 216, height: 72 };
const LABEL = { width: 92, height: 18 };
const MARGIN = 8;

export function layout(plan: Plan): Placed {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 26, edgesep: 20, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of plan.nodes) graph.setNode(id, { ...NODE });
  const isThere = (id: string) => graph.hasNode(id);
  plan.edges.forEach(({ from, to }, i) => {
    if (isThere(from) && isThere(to)) graph.setEdge(from, to, { ...LABEL, labelpos: 'c' }, String(i));
  });
  arrange(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(plan.nodes.map(({ id }) => [id, pointOf(graph.node(id))])),
    edges: plan.edges.map(({ from, to }, i) => {
      const edge = isThere(from) && isThere(to) ? graph.edge(from, to, String(i)) : undefined;
      return { points: edge?.points?.map(pointOf) ?? [], label: pointOf(edge) };
    }),
  };
}

const pointOf = (at: { x?: number; y?: number } | undefined): Point => ({ x: at?.x ?? 0, y: at?.y ?? 0 });
