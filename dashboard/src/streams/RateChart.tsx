// The rate over everything in the last five minutes.
import { beat, totalRate } from '../connection';
import * as format from '../format';
import { Chart } from '../ui/Chart';

export const CHART_SECONDS = 300;
export const writeRate = (value: number) => format.rate(value) || '0';

export function RateChart() {
  beat.value;
  const { times, values } = totalRate;
  return (
    <Chart
      label="Events a second in the last five minutes"
      lines={[{ name: 'events', times, values }]}
      seconds={CHART_SECONDS}
      write={writeRate}
      unit=" events/s"
    />
  );
}
