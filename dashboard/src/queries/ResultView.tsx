// The table of the view that a query fills.
import { getJson } from '../api';
import { useAsked } from '../ui/asked';
import { pathOf, type ViewStatus } from '../views/views';
import { ViewTable } from '../views/ViewTable';

export function ResultView({ name }: { name: string }) {
  const asked = useAsked(name, () => getJson<ViewStatus>(`api/v1/${pathOf(name)}/status`), 10_000);
  return (
    <div class="result-table">
      <ViewTable name={name} keys={asked.value?.keys} />
    </div>
  );
}
