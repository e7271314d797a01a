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
  node: { width: number; height: number };
  /** The middle of each node, by its id. */
  nodes: ReadonlyMap<string, Point>;
  /** In the order of the plan's edges; those between unknown nodes have no points. */
  edges: readonly { points: readonly Point[]; label: Point }[];
}

const NODE_WIDTH = 216;
/** Without rates there are no bars below the name. */
const NODE_HEIGHT = { live: 72, still: 48 };
const LABEL = { width: 92, height: 18 };
const MARGIN = 8;

export function layout(plan: Plan): Placed {
  const live = plan.nodes.some(({ busy }) => typeof busy === 'number');
  const node = { width: NODE_WIDTH, height: live ? NODE_HEIGHT.live : NODE_HEIGHT.still };
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 26, edgesep: 20, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of plan.nodes) graph.setNode(id, { ...node });
  const isThere = (id: string) => graph.hasNode(id);
  plan.edges.forEach(({ from, to }, i) => {
    if (isThere(from) && isThere(to)) graph.setEdge(from, to, { ...LABEL, labelpos: 'c' }, String(i));
  });
  arrange(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    node,
    nodes: new Map(plan.nodes.map(({ id }) => [id, pointOf(graph.node(id))])),
    edges: plan.edges.map(({ from, to }, i) => {
      const edge = isThere(from) && isThere(to) ? graph.edge(from, to, String(i)) : undefined;
      return { points: edge?.points?.map(pointOf) ?? [], label: pointOf(edge) };
    }),
  };
}

const pointOf = (at: { x?: number; y?: number } | undefined): Point => ({ x: at?.x ?? 0, y: at?.y ?? 0 });
