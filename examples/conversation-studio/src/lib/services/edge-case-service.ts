import type { EdgeCase } from '../../../train-wireframe/src/lib/types';
import { supabase } from '../supabase';

export async function createEdgeCase(edgeCase: EdgeCase) {
  const { data, error } = await supabase
    .from('edge_cases')
    .insert({
      name: edgeCase.name,
      description: edgeCase.description,
      scenario_id: edgeCase.scenarioId,
      test_category: edgeCase.testCategory,
      expected_behavior: edgeCase.expectedBehavior,
      complexity: edgeCase.complexity,
      created_by: edgeCase.created_by,
    })
    .select()
    .single();
  if (error) throw error;
  return data;
}

export async function recordTest(id: string, passed: boolean, result: unknown) {
  const { error } = await supabase
    .from('edge_cases')
    .update({ test_status: passed ? 'passed' : 'failed', last_test_result: result })
    .eq('id', id);
  if (error) throw error;
}
