// A query's plan as a graph from its sources down: how much flows along its edges, and how busy its nodes are.
import { useSignal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import * as format from '../format';
import { NotLoaded, useLoaded } from '../ui/Loaded';
import type { Placed, Point } from './layout';
import type { Plan, PlanEdge, PlanNode } from './queries';

const load = () => import('./layout');
const INSET = 12;
const FONTS = { name: '600 12.5px', text: '11.5px' };
const STRAINED = 0.8;
const BAR_WIDTH = 64;

const percent = (part: number) => `${Math.round(Math.min(1, Math.max(0, part)) * 100)} %`;
const rate = (value: number | null | undefined) =>
  value === null || value === undefined ? '' : `${format.rate(value) || '0'}/s`;
const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

export function PlanGraph({ plan, label }: { plan: Plan; label: string }) {
  const { value: drawing, failed } = useLoaded(load);
  const opened = useSignal('');
  const marker = `arrow${useId().replace(/\W/g, '')}`;
  // Rates change each second, the shape hardly ever.
  const live = plan.nodes.some(({ busy }) => isNumber(busy));
  const shape = JSON.stringify([live, plan.nodes.map(({ id }) => id), plan.edges.map(({ from, to }) => [from, to])]);
  const placed = useMemo(() => drawing?.layout(plan), [drawing, shape]);
  if (failed) return <NotLoaded what="The drawing of plans" />;
  if (!placed) return <p class="muted">Drawing the plan …</p>;
  const node = plan.nodes.find(({ id }) => id === opened.value);
  return (
    <div class="plan">
      <div class="plan-frame" tabIndex={0} role="group" aria-label={label}>
        <svg width={placed.width} height={placed.height}>
          <defs>
            <marker id={marker} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5.5" markerHeight="5.5" orient="auto">
              <path class="plan-arrow" d="M0 0.5L8 4L0 7.5Z" />
            </marker>
          </defs>
          {plan.edges.map((edge, i) => (
            <Edge key={i} edge={edge} placed={placed.edges[i]!} marker={marker} />
          ))}
          {plan.nodes.map((each) => (
            <Node
              key={each.id}
              node={each}
              at={placed.nodes.get(each.id)!}
              size={placed.node}
              open={each.id === opened.value}
              onOpen={() => (opened.value = opened.value === each.id ? '' : each.id)}
            />
          ))}
        </svg>
      </div>
      {node ? (
        <div class="plan-detail" role="status">
          <b>{node.name}</b>
          {node.detail && <pre class="data">{node.detail}</pre>}
        </div>
      ) : (
        <p class="hint-line">A click on a step shows all of it.</p>
      )}
    </div>
  );
}

function Edge({ edge, placed, marker }: { edge: PlanEdge; placed: Placed['edges'][number]; marker: string }) {
  if (placed.points.length < 2) return null;
  const told = [rate(edge.rate), edge.ship?.toLowerCase()].filter(Boolean).join(' · ');
  const { x, y } = placed.label;
  const flows = (edge.rate ?? 0) >= 0.05;
  return (
    <g class={`plan-edge${flows ? ' flows' : ''}`} data-edge={`${edge.from} ${edge.to}`}>
      <path d={curve(placed.points)} stroke-width={thickness(edge.rate)} marker-end={`url(#${marker})`} />
      {told && (
        <>
          <rect x={x - told.length * 3.2 - 5} y={y - 9} width={told.length * 6.4 + 10} height={18} rx={4} />
          <text x={x} y={y + 4} text-anchor="middle">
            {told}
          </text>
        </>
      )}
    </g>
  );
}

/** A line that is a little thicker for each ten times as much. */
const thickness = (value: number | null | undefined) => Math.min(5, 1.4 + Math.log10(1 + (value ?? 0)) * 0.7);

/** Through the middles between the points, bent at the points. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const write = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const last = rest.length - 1;
  const parts = rest.map((point, i) => {
    if (i === last) return `L${write(point)}`;
    const next = rest[i + 1]!;
    return `Q${write(point)} ${write({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return `M${write(first)}${parts.join('')}`;
}

interface NodeProps {
  node: PlanNode;
  at: Point;
  size: { width: number; height: number };
  open: boolean;
  onOpen: () => void;
}

function Node({ node, at, size, open, onOpen }: NodeProps) {
  const left = at.x - size.width / 2;
  const top = at.y - size.height / 2;
  const { busy, backpressured } = node;
  const strained = (busy ?? 0) >= STRAINED || (backpressured ?? 0) >= STRAINED;
  const rates = [
    isNumber(node.inRate) && `in ${rate(node.inRate)}`,
    isNumber(node.outRate) && `out ${rate(node.outRate)}`,
  ].filter(Boolean);
  const parallelism = node.parallelism && node.parallelism > 1 ? `×${node.parallelism}` : '';
  const told = [
    node.name,
    ...rates,
    isNumber(busy) && `busy ${percent(busy)}`,
    isNumber(backpressured) && `backpressured ${percent(backpressured)}`,
  ].filter(Boolean);
  return (
    <g
      class={`plan-node${open ? ' open' : ''}${strained ? ' strained' : ''}`}
      transform={`translate(${left.toFixed(1)} ${top.toFixed(1)})`}
      role="button"
      // In SVG an attribute's name is what it is: with a capital letter it would mean nothing.
      tabindex={0}
      aria-expanded={open}
      aria-label={told.join(', ')}
      data-node={node.id}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onOpen();
      }}
    >
      <title>{node.detail ?? node.name}</title>
      <rect class="plan-box" width={size.width} height={size.height} rx={8} />
      <text class="plan-name" x={INSET} y={20}>
        {fit(node.name, size.width - 2 * INSET - (parallelism ? 28 : 0), 'name')}
      </text>
      {parallelism && (
        <text x={size.width - INSET} y={20} text-anchor="end">
          {parallelism}
        </text>
      )}
      <text x={INSET} y={38}>
        {rates.join(' · ') || fit(node.detail ?? '', size.width - 2 * INSET, 'text')}
      </text>
      {isNumber(busy) && <Bar x={INSET} y={54} name="busy" part={busy} />}
      {isNumber(backpressured) && <Bar x={size.width / 2 + 4} y={54} name="held back" part={backpressured} />}
    </g>
  );
}

/** A part of the time, as a bar with its name above. */
function Bar({ x, y, name, part }: { x: number; y: number; name: string; part: number }) {
  const share = Math.min(1, Math.max(0, part));
  return (
    <g class={`plan-bar ${name.replace(' ', '-')}${share >= STRAINED ? ' high' : ''}`}>
      <text class="small" x={x} y={y + 2}>
        {name} {percent(part)}
      </text>
      <rect class="runnel" x={x} y={y + 7} width={BAR_WIDTH + 26} height={3} rx={1.5} />
      {share > 0 && <rect x={x} y={y + 7} width={Math.max(2, share * (BAR_WIDTH + 26))} height={3} rx={1.5} />}
    </g>
  );
}

let pen: CanvasRenderingContext2D | null = null;

/** As much of a text as has room in so many pixels. */
function fit(text: string, width: number, font: keyof typeof FONTS): string {
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return text;
  pen.font = `${FONTS[font]} ${getComputedStyle(document.body).fontFamily}`;
  if (pen.measureText(text).width <= width) return text;
  let chars = Math.min(text.length, 80);
  while (chars > 0 && pen.measureText(`${text.slice(0, chars)}…`).width > width) chars--;
  return `${text.slice(0, chars)}…`;
}
