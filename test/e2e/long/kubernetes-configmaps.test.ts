import { tellOfKubernetesAsDcs } from '../kubernetes-dcs.ts';
import { CUSTOM, PRIMARY, SPILO } from '../patroni-on-kubernetes.ts';

tellOfKubernetesAsDcs("ConfigMaps, master (as Zalando's operator has it from 2.0 on)", 'k8s-cm', {
  ...SPILO,
  use_endpoints: false,
});
tellOfKubernetesAsDcs("ConfigMaps, primary (Patroni's defaults)", 'k8s-cp', PRIMARY);
tellOfKubernetesAsDcs('ConfigMaps, labels of our own', 'k8s-cc', CUSTOM);
